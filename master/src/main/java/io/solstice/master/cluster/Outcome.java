package io.solstice.master.cluster;

import io.solstice.common.error.SolsticeError;
import io.solstice.common.id.RunId;
import io.solstice.common.protocol.MasterMessage;
import io.solstice.master.job.Decisions;
import io.solstice.master.job.Moment;
import io.solstice.master.job.Move;
import io.solstice.master.journal.JournalEntry;
import io.solstice.master.journal.JournaledState;
import java.util.ArrayList;
import java.util.List;

/** The actions that one event leads to, in order, while they are being decided. */
final class Outcome {
    private final JournaledState journaled;
    private final Moment now;
    private final List<MasterAction> actions = new ArrayList<>();

    Outcome(JournaledState journaled, Moment now) {
        this.journaled = journaled;
        this.now = now;
    }

    Moment now() {
        return now;
    }

    /** Remembers a decision; from here on it counts as made. */
    void write(JournalEntry entry) {
        journaled.apply(entry);
        actions.add(new MasterAction.Write(entry));
    }

    void send(SessionId session, MasterMessage message) {
        actions.add(new MasterAction.Send(session, message));
    }

    void close(SessionId session, SolsticeError why) {
        actions.add(new MasterAction.Close(session, why));
    }

    void say(String line) {
        actions.add(new MasterAction.Say(MasterAction.Level.INFO, line));
    }

    void warn(String line) {
        actions.add(new MasterAction.Say(MasterAction.Level.WARN, line));
    }

    void add(MasterAction action) {
        actions.add(action);
    }

    /** What a job decided: its moves first, so that nobody obeys what could be forgotten. */
    void moved(JobEntry job) {
        RunId run = job.coordinator().run();
        Decisions decided = job.coordinator().takeDecisions();
        decided.facts().forEach(fact -> write(new JournalEntry.JobLearned(now.wallMillis(), run, fact)));
        for (Move move : decided.moves()) {
            write(new JournalEntry.JobMoved(now.wallMillis(), run, move));
            job.log().moved(job.coordinator(), move, now);
            if (move.state().isTerminal()) {
                job.ended(now);
            }
        }
        decided.requests()
                .forEach(request ->
                        add(new MasterAction.Store(run, job.coordinator().spec(), request)));
        decided.answers().forEach(answer -> add(new MasterAction.Checkpointed(answer)));
        if (job.refresh()) {
            job.log().waits(job.published().waitingFor(), now);
            add(new MasterAction.Publish(job.published()));
        }
    }

    List<MasterAction> actions() {
        return actions;
    }
}
