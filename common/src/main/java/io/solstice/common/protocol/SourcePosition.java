package io.solstice.common.protocol;

import io.solstice.common.id.StageId;
import java.util.List;

/**
 * How far a source task had read when it took its cut. A task reads its splits one after the other in the order in which
 * they were assigned to it, so two numbers say it all; but splits that never end are read at the same time.
 *
 * @param finished how many of the splits that were assigned to the task in this generation it had read to their end
 * @param rows how many rows of the next one it had read, counted from the split's first row
 * @param watermark how far event time had come in the next one, or {@link SplitStart#NO_TIME}
 * @param beside how far it had come with splits behind that one, in order; empty if it reads one after the other
 */
public record SourcePosition(StageId source, int finished, long rows, long watermark, List<SplitPosition> beside) {
    public SourcePosition {
        beside = List.copyOf(beside);
    }

    public SourcePosition(StageId source, int finished, long rows, long watermark) {
        this(source, finished, rows, watermark, List.of());
    }
}
