package io.solstice.bench.nexmark;

import io.solstice.exchange.batch.Batch;
import java.util.Arrays;
import java.util.stream.Stream;

/** {@link Query#Q5}: counts once for each slide, and adds the slides of a window up at its end. */
final class HotItemsLoop implements QueryLoop {
    private static final long SLIDE = Query.SLIDE.toNanos() / 1_000;
    private static final int SLIDES = (int) Query.WINDOW.dividedBy(Query.SLIDE);

    /** The newest ones; the current one is at {@code current}. */
    private final AuctionCounts[] slides =
            Stream.generate(AuctionCounts::new).limit(SLIDES).toArray(AuctionCounts[]::new);

    private final AuctionCounts window = new AuctionCounts();
    private int current;
    private long end;
    private Checksum result = Checksum.NONE;

    @Override
    public int[] columns() {
        return BidColumns.POSITIONS;
    }

    @Override
    public void add(Batch batch) {
        BidColumns in = BidColumns.of(batch);
        if (end == 0) {
            end = in.times().at(0) / SLIDE * SLIDE + SLIDE;
        }
        int row = 0;
        while (row < in.rows()) {
            int until = in.times().firstNotBefore(end, row);
            count(in, row, until);
            row = until;
            if (row < in.rows()) {
                endSlide();
            }
        }
    }

    private void count(BidColumns in, int from, int until) {
        AuctionCounts counts = slides[current];
        for (int row = from; row < until; row++) {
            if (in.isBid(row)) {
                counts.add(in.auction(row), 1);
            }
        }
    }

    /** With a slide a window ends, and the oldest of its slides is not needed any more. */
    private void endSlide() {
        for (AuctionCounts slide : slides) {
            window.addAll(slide);
        }
        result = result.plus(window.hottest(end));
        window.clear();
        end += SLIDE;
        current = (current + 1) % SLIDES;
        slides[current].clear();
    }

    @Override
    public Checksum end() {
        while (!Arrays.stream(slides).allMatch(AuctionCounts::isEmpty)) {
            endSlide();
        }
        return result;
    }
}
