package io.solstice.master.job;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.protocol.CheckpointFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Counts a job's checkpoints, and tells those who asked for one how it ended. */
final class CheckpointTally {
    private final Set<Long> askers = new TreeSet<>();
    private final List<Answer> answers = new ArrayList<>();
    private int completed;
    private int failed;
    private CheckpointFacts.@Nullable Completed newest;

    /** Somebody wants to hear how the one under way ends. */
    void asks(long request) {
        askers.add(request);
    }

    void refuse(long request, SolsticeError why) {
        answers.add(new Answer(request, null, why));
    }

    /** @param why there is none, if there is none */
    void answer(long request, @Nullable Manifest taken, SolsticeError why) {
        answers.add(taken == null ? new Answer(request, null, why) : new Answer(request, taken.id(), null));
    }

    /** The job goes on from a checkpoint that was there before. @param own it took it itself, under another master */
    void beganWith(Manifest manifest, boolean own) {
        newest = facts(manifest, 0);
        completed = own ? manifest.count().completed() : 0;
        failed = own ? manifest.count().failed() : 0;
    }

    /** As the next one has it that is completed. */
    Manifest.Count next() {
        return new Manifest.Count(completed + 1, failed);
    }

    void completed(Manifest manifest, long durationMillis) {
        completed++;
        newest = facts(manifest, durationMillis);
        askers.forEach(asker -> answers.add(new Answer(asker, manifest.id(), null)));
        askers.clear();
    }

    void failed(SolsticeError why) {
        failed++;
        askers.forEach(asker -> refuse(asker, why));
        askers.clear();
    }

    /** The job has ended, and nothing that is under way will be told of. */
    void ended(SolsticeError why) {
        askers.forEach(asker -> refuse(asker, why));
        askers.clear();
    }

    List<Answer> takeAnswers() {
        List<Answer> taken = List.copyOf(answers);
        answers.clear();
        return taken;
    }

    CheckpointFacts facts(long inProgress, long records) {
        return new CheckpointFacts(completed, failed, inProgress, newest, records);
    }

    private static CheckpointFacts.Completed facts(Manifest manifest, long durationMillis) {
        return new CheckpointFacts.Completed(
                manifest.id(), manifest.epoch(), manifest.millis(), durationMillis, manifest.bytes());
    }
}
