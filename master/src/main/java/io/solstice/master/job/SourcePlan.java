package io.solstice.master.job;

import io.solstice.common.id.StageId;
import io.solstice.common.protocol.Split;
import io.solstice.common.protocol.SplitStart;
import java.util.List;

/**
 * What is still to be read of one source.
 *
 * @param total how many splits the source had when it was first looked at
 */
public record SourcePlan(StageId source, int total, List<SplitStart> remaining) {
    public SourcePlan {
        remaining = List.copyOf(remaining);
    }

    /** Of a source of which nothing has been read. */
    public static SourcePlan untouched(StageId source, List<Split> splits) {
        return new SourcePlan(
                source, splits.size(), splits.stream().map(SplitStart::fresh).toList());
    }
}
