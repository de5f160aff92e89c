package io.solstice.faults;

import io.solstice.api.JobHandle;
import io.solstice.api.cluster.SolsticeClient;
import io.solstice.api.cluster.Submission;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.common.loop.Clock;
import io.solstice.faults.check.Account;
import io.solstice.faults.check.CheckpointFolder;
import io.solstice.faults.check.Kind;
import io.solstice.faults.rig.Node;
import io.solstice.faults.rig.Rig;
import io.solstice.faults.rig.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes objects of the newest checkpoint and makes the job read them. It must be stopped by that, with its code, and go
 * on from the same checkpoint when the objects are whole again. Used by one thread.
 */
final class Damager {
    private static final String DAMAGED = ErrorCode.OBJECT_DAMAGED.code();
    private static final Duration SETTLED = Duration.ofMillis(700);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Rig rig;
    private final SolsticeClient client;
    private final Submission again;
    private final CheckpointFolder checkpoints;
    private final Account account;
    private final Map<Path, byte[]> whole = new HashMap<>();

    /** What was done, and the job that goes on. */
    record Result(Done done, JobHandle job) {}

    /**
     * @param again the job, from its newest checkpoint on
     * @param account in which stands what should not have come of it
     */
    Damager(Rig rig, SolsticeClient client, Submission again, CheckpointFolder checkpoints, Account account) {
        this.rig = rig;
        this.client = client;
        this.again = again;
        this.checkpoints = checkpoints;
        this.account = account;
    }

    Result inject(Fault.Damage fault, JobHandle job) throws Exception {
        String refusal = fault.what() == Fault.Damage.What.STATE ? ofRunning(fault, job) : ofEnded(fault, job);
        boolean refused = refusal.contains(DAMAGED);
        if (!refused) {
            account.add(Kind.DAMAGED, fault.text() + ": the job was not refused with " + DAMAGED + ", but: " + refusal);
        }
        for (Map.Entry<Path, byte[]> object : whole.entrySet()) {
            Files.write(object.getKey(), object.getValue());
        }
        JobHandle next = job.getStatus().state().isTerminal() ? client.submit(again.again()) : job;
        String text = fault.text() + " "
                + whole.keySet().stream().map(Path::getFileName).toList() + " (" + DAMAGED + ", then whole again)";
        return new Result(new Done(Clock.SYSTEM.monotonicNanos(), text, refused, Done.Effect.ANY), next);
    }

    /** While a worker stands still no checkpoint is completed, so the newest stays the one that is gone back to. */
    private String ofRunning(Fault.Damage fault, JobHandle job) throws Exception {
        Node victim = rig.worker(rig.workersOf(job.jobId()).get(0));
        victim.signal("STOP");
        Wait.pause(SETTLED);
        damage(fault, checkpoints.newestStates());
        victim.signal("KILL");
        victim.exitCode(LIMIT);
        rig.startWorker(victim.name());
        Wait.until(
                LIMIT,
                () -> job.getStatus().state().isTerminal() || trouble(job).contains(DAMAGED));
        return job.getStatus().state().isTerminal() ? ending(job) : "began again after " + trouble(job);
    }

    private String trouble(JobHandle job) {
        return rig.describe(job.jobId()).getJob().getRestartCause().getCode();
    }

    private String ofEnded(Fault.Damage fault, JobHandle job) throws Exception {
        job.cancel();
        String ending = ending(job);
        Path object =
                fault.what() == Fault.Damage.What.ENTRY ? checkpoints.newestEntry() : checkpoints.newestManifest();
        damage(fault, List.of(object));
        try {
            return ending + ", then " + ending(client.submit(again.again()));
        } catch (SolsticeException refused) {
            return told(refused);
        }
    }

    private static String ending(JobHandle job) throws InterruptedException {
        try {
            return "it is " + job.await(LIMIT).state();
        } catch (SolsticeException failed) {
            return told(failed);
        }
    }

    private static String told(SolsticeException failed) {
        return failed.code().code() + " " + failed.error().what() + ": "
                + failed.error().cause();
    }

    private void damage(Fault.Damage fault, List<Path> objects) throws IOException {
        for (Path object : objects) {
            byte[] content = Files.readAllBytes(object);
            whole.put(object, content);
            byte[] other = Arrays.copyOf(content, fault.torn() ? content.length / 2 : content.length);
            if (!fault.torn()) {
                other[content.length / 2] ^= 4;
            }
            Files.write(object, other);
        }
    }
}
