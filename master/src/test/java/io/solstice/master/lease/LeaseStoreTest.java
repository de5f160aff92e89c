package io.solstice.master.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.solstice.common.store.ObjectStore;
import io.solstice.common.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseStoreTest {
    private static final LeaseAction.Look LOOK = new LeaseAction.Look(0, 0, false);

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private ObjectStore store;

    @BeforeEach
    void openStore() {
        store = ObjectStores.open(Map.of("type", "local", "base_path", folder.toString()));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private LeaseStore of(String id, MachineLock lock) {
        return new LeaseStore(store, lock, new Candidate(id, id + ":7070", MachineLock.machine(), false));
    }

    private static MachineLock noLock() {
        return new MachineLock(Optional.empty());
    }

    private static LeaseEvent.Seen seen(LeaseStore by) {
        return (LeaseEvent.Seen) by.carryOut(LOOK);
    }

    @Test
    void oneOfTwoGetsATerm() {
        LeaseStore first = of("a", noLock());
        LeaseStore second = of("b", noLock());
        assertThat(seen(first)).isEqualTo(new LeaseEvent.Seen(null, 0, false));
        assertThat(first.carryOut(new LeaseAction.Claim(1))).isEqualTo(new LeaseEvent.Claimed(true));
        assertThat(second.carryOut(new LeaseAction.Claim(1))).isEqualTo(new LeaseEvent.Claimed(false));
        assertThat(first.carryOut(new LeaseAction.Claim(1)))
                .as("an answer that was lost")
                .isEqualTo(new LeaseEvent.Claimed(true));
        assertThat(first.carryOut(new LeaseAction.Beat(1, 1))).isEqualTo(new LeaseEvent.Beaten(null));
        assertThat(seen(second).term())
                .isEqualTo(new LeaseTerm(1, Optional.of(new Candidate("a", "a:7070", MachineLock.machine(), false))));
        assertThat(seen(second).beat()).isEqualTo(1);
    }

    @Test
    void whoWasOvertakenLearnsIt() {
        LeaseStore first = of("a", noLock());
        LeaseStore second = of("b", noLock());
        first.carryOut(new LeaseAction.Claim(1));
        second.carryOut(new LeaseAction.Claim(2));
        LeaseEvent.Beaten beaten = (LeaseEvent.Beaten) first.carryOut(new LeaseAction.Beat(1, 1));
        assertThat(beaten.later()).isNotNull();
        second.carryOut(new LeaseAction.Release(3));
        assertThat(seen(first)).isEqualTo(new LeaseEvent.Seen(new LeaseTerm(3, Optional.empty()), 0, false));
    }

    @Test
    void theLockShowsTheEndOfAProcess() {
        try (MachineLock lock = new MachineLock(Optional.of(folder));
                MachineLock other = new MachineLock(Optional.of(folder))) {
            LeaseStore first = of("a", lock);
            first.carryOut(new LeaseAction.Claim(1));
            LeaseStore second = of("b", other);
            assertThat(seen(second).holderIsDead()).isFalse();
            lock.release();
            assertThat(seen(second).holderIsDead())
                    .isEqualTo(!MachineLock.machine().isEmpty());
        }
    }

    @Test
    void damageIsNoticed() throws IOException {
        of("a", noLock()).carryOut(new LeaseAction.Claim(1));
        Path file = folder.resolve("lease/terms/%019d".formatted(1));
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] bent = whole.clone();
            bent[at] ^= 0x04;
            Files.write(file, bent);
            assertThatThrownBy(() -> seen(of("b", noLock()))).as("byte %s", at).hasMessageContaining("SOL-2104");
        }
    }
}
