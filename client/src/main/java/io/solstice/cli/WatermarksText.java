package io.solstice.cli;

import io.solstice.api.time.EventTime;
import io.solstice.common.wire.PartCodec;
import io.solstice.proto.v1.Job;
import io.solstice.proto.v1.StageStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far event time has come in a job, and what holds it back, for people. */
final class WatermarksText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private WatermarksText() {}

    static List<String> of(Job job) {
        List<String> lines = new ArrayList<>();
        Table table = new Table("STAGE", "TASK", "EVENT TIME (UTC)", "WAITS FOR");
        List<Place> sources = new ArrayList<>();
        boolean any = false;
        for (StageStatus stage : job.getStagesList()) {
            for (EventTime time : times(stage)) {
                any = true;
                table.row(stage.getStageId(), time.task(), shown(time.watermark()), waitsFor(time));
                if (stage.getSplits() > 0 && !time.waitsFor().isEmpty()) {
                    sources.add(new Place(stage.getStageId(), time));
                }
            }
        }
        if (!any) {
            return List.of("job " + job.getJobId() + " keeps no event time; a source does if it has watermarks");
        }
        lines.add(summary(job.getJobId(), sources));
        lines.add("");
        lines.addAll(table.lines());
        return lines;
    }

    /** A task of a source. */
    private record Place(String stage, EventTime time) {}

    private static List<EventTime> times(StageStatus stage) {
        return EventTime.kept(stage.getEventTimesList().stream()
                .map(told -> EventTime.of(told.getTask(), PartCodec.fromProto(told.getTime())))
                .toList());
    }

    private static String summary(String job, List<Place> sources) {
        Optional<EventTime> slowest =
                EventTime.slowest(sources.stream().map(Place::time).toList());
        if (slowest.isEmpty()) {
            return "event time of " + job + " stands still, since no source has anything to read";
        }
        EventTime held = slowest.get();
        Place place = sources.stream()
                .filter(known -> known.time() == held)
                .findFirst()
                .orElseThrow();
        String by = "held back by task " + held.task() + " of '" + place.stage() + "': " + held.waitsFor();
        return held.watermark() == null
                ? "event time of " + job + " has not begun, " + by
                : "event time of " + job + " is " + shown(held.watermark()) + ", " + by;
    }

    private static String waitsFor(EventTime time) {
        return time.idle() ? "nothing: it has had no rows for a while" : time.waitsFor();
    }

    private static String shown(@Nullable Instant watermark) {
        return watermark == null ? "-" : TIME.format(watermark);
    }
}
