package io.solstice.simulation;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.id.JobId;
import io.solstice.common.protocol.StateObject;
import io.solstice.common.protocol.StatePlace;
import io.solstice.master.job.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Which checkpoints truly count, whatever masters believe; checks each entry and each deletion as it takes place. */
final class Archive implements SharedStore.Watch {
    private static final String MADE_NOTHING = "none";
    private static final int ENTRIES_LOOKED_AT = 60;

    private final LongSupplier now;
    private final Retention retention;
    private final Consumer<Manifest> whenCanonical;
    private final Consumer<Sight> seen;
    /** All that masters wanted to become canonical. */
    private final Map<CheckpointId, Manifest> manifests = new HashMap<>();
    /** To which part of which submission a manifest belongs. */
    private final Map<String, StatePlace> places = new HashMap<>();

    private final Map<JobId, List<Entry>> logs =
            new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    /** The checkpoints that name an object. */
    private final Map<String, Set<CheckpointId>> users = new HashMap<>();
    /** Those that a person chose to delete. */
    private final Set<CheckpointId> chosen = new HashSet<>();

    private final Set<String> written = new HashSet<>();
    private final Set<String> there = new HashSet<>();
    /** The newest master that has taken over what a request made. */
    private final Map<String, Long> regained = new HashMap<>();

    /** Up to which number the entries of a log may be gone. */
    private final Map<JobId, Long> closed = new HashMap<>();

    private int deletions;

    /** @param maxAgeMillis 0 for none */
    record Retention(int count, long maxAgeMillis) {}

    private record Entry(CheckpointId id, String manifestKey, String request, long leader) {
        static Entry read(byte[] bytes) {
            JsonObject json = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8))
                    .getAsJsonObject();
            return new Entry(
                    new CheckpointId(json.get("checkpoint_id").getAsString()),
                    json.get("manifest").getAsString(),
                    json.get("request_id").getAsString(),
                    json.get("leader_term").getAsLong());
        }

        boolean isBarrier() {
            return manifestKey.equals(MADE_NOTHING);
        }
    }

    Archive(LongSupplier now, Retention retention, Consumer<Manifest> whenCanonical, Consumer<Sight> seen) {
        this.now = now;
        this.retention = retention;
        this.whenCanonical = whenCanonical;
        this.seen = seen;
    }

    private static JobId job(String key) {
        return new JobId(key.substring(0, key.indexOf('/')));
    }

    private static boolean isOfLog(String key) {
        return key.contains("/log/") || key.contains("/closed/") || key.contains("/takeovers/");
    }

    private static long numberOf(String key) {
        return Long.parseLong(key.replaceAll(".*/|\\..*", ""));
    }

    /** A master wants this to become canonical. */
    void wanted(Manifest manifest, String request) {
        manifests.put(manifest.id(), manifest);
        places.put(manifestKey(manifest), place(manifest, request));
    }

    private static String manifestKey(Manifest manifest) {
        return manifest.job() + "/checkpoints/" + manifest.id() + "/manifest.json";
    }

    private static StatePlace place(Manifest manifest, String request) {
        return new StatePlace(
                manifest.job(), StatePlace.submission(request), manifest.run().generation(), manifest.epoch());
    }

    /** The master of a term has learned what a request has made so far. */
    void regained(String request, long term) {
        regained.merge(request, term, Math::max);
    }

    /** A person deletes these. */
    void chosen(Collection<CheckpointId> ids) {
        chosen.addAll(ids);
    }

    @Override
    public void created(String key, byte[] content) {
        written.add(key);
        there.add(key);
        if (key.contains("/log/") && key.endsWith(".json")) {
            // In a hole of what is closed an entry makes nothing canonical, whatever its master believes.
            if (!isClosed(key)) {
                entered(key, Entry.read(content));
            }
        } else if (key.contains("/closed/")) {
            closes(job(key), numberOf(key) * World.LOG_PARTS.length());
        }
    }

    /** Whether an entry or mark may be gone, and is of no use. */
    private boolean isClosed(String key) {
        return numberOf(key) <= closed.getOrDefault(job(key), 0L);
    }

    private void closes(JobId job, long upTo) {
        seen.accept(Sight.LOG_GROWS_SHORTER);
        List<Entry> log = logs.getOrDefault(job, List.of());
        Invariant.I7.holds(log.size() > upTo, () -> "all of the log of " + job + " is closed");
        Set<String> later = new HashSet<>();
        log.subList((int) upTo, log.size()).forEach(entry -> later.add(entry.manifestKey()));
        log.subList(0, (int) upTo)
                .forEach(entry -> Invariant.I7.holds(
                        !there.contains(entry.manifestKey()) || later.contains(entry.manifestKey()),
                        () -> "the log of " + job + " is closed up to " + upTo + ", but " + entry.id() + " is kept"));
        closed.put(job, upTo);
    }

    private void entered(String key, Entry entry) {
        List<Entry> log = logs.computeIfAbsent(job(key), none -> new ArrayList<>());
        long newer = regained.getOrDefault(entry.request(), 0L);
        Invariant.I1.holds(
                newer <= entry.leader(),
                () -> key + " is entered by the master of term " + entry.leader() + ", and that of " + newer
                        + " has taken over");
        String expected = "%s/log/%012d.json".formatted(job(key), log.size() + 1);
        Invariant.I2.holds(key.equals(expected), () -> key + " is entered, where " + expected + " comes next");
        Entry last = log.isEmpty() ? null : log.get(log.size() - 1);
        log.add(entry);
        if (!entry.isBarrier() && (last == null || !last.id().equals(entry.id()))) {
            becomesCanonical(job(key), entry);
        }
    }

    private void becomesCanonical(JobId job, Entry entry) {
        Manifest manifest = manifest(entry);
        Manifest before = newest(job, 1);
        Invariant.I2.holds(
                before == null || before.epoch() < manifest.epoch(),
                () -> entry.id() + " of epoch " + manifest.epoch() + " comes after " + before);
        users.computeIfAbsent(entry.manifestKey(), none -> new HashSet<>()).add(entry.id());
        assertThere(entry.manifestKey(), entry.id());
        for (StateObject state : manifest.states()) {
            users.computeIfAbsent(state.key(), none -> new HashSet<>()).add(entry.id());
            assertThere(state.key(), entry.id());
            if (StatePlace.of(state.key()).orElseThrow().epoch() < manifest.epoch()) {
                seen.accept(Sight.STATE_IS_NAMED_AGAIN);
            }
        }
        whenCanonical.accept(manifest);
    }

    private void assertThere(String key, CheckpointId user) {
        Invariant why = written.contains(key) ? Invariant.I7 : Invariant.I3;
        why.holds(there.contains(key), () -> key + ", which " + user + " names, is not there");
    }

    private Manifest manifest(Entry entry) {
        Manifest manifest = manifests.get(entry.id());
        if (manifest == null) {
            throw Invariant.I3.broken("nobody wanted " + entry.id());
        }
        return manifest;
    }

    /** The newest canonical checkpoint of a job but for the last few entries. */
    private @Nullable Manifest newest(JobId job, int skipped) {
        List<Entry> log = logs.getOrDefault(job, List.of());
        for (int i = log.size() - 1 - skipped; i >= 0; i--) {
            if (!log.get(i).isBarrier()) {
                return manifest(log.get(i));
            }
        }
        return null;
    }

    @Nullable
    Manifest newest(JobId job) {
        return newest(job, 0);
    }

    boolean isCanonical(JobId job, CheckpointId id) {
        return logs.getOrDefault(job, List.of()).stream()
                .anyMatch(entry -> entry.id().equals(id));
    }

    /** All that ever were, oldest first. */
    List<Manifest> canonical(JobId job) {
        return logs.getOrDefault(job, List.of()).stream()
                .filter(entry -> !entry.isBarrier())
                .map(this::manifest)
                .distinct()
                .toList();
    }

    /** What a generation begins with; whoever has been overtaken will not get far, and may miss something. */
    void beginsWith(JobId job, Collection<StateObject> states) {
        Manifest newest = newest(job);
        boolean isNewest = newest != null && newest.states().containsAll(states);
        states.forEach(state -> Invariant.I7.holds(
                !isNewest || there.contains(state.key()), () -> state + ", which " + job + " goes on from, is gone"));
    }

    @Override
    public void deletes(String key) {
        Invariant.I7.holds(!isOfLog(key) || key.contains("/log/") && isClosed(key), () -> key + " is deleted");
        users.getOrDefault(key, Set.of())
                .forEach(user ->
                        Invariant.I7.holds(mayGo(job(key), user), () -> key + " is deleted, which " + user + " names"));
        deletions += there.remove(key) ? 1 : 0;
    }

    /** How many entries come after all of a checkpoint. */
    private int newer(JobId job, CheckpointId id) {
        List<Entry> log = logs.getOrDefault(job, List.of());
        int newer = 0;
        while (!log.get(log.size() - 1 - newer).id().equals(id)) {
            newer++;
        }
        return newer;
    }

    /** By count, by age or by hand; never the newest. */
    private boolean mayGo(JobId job, CheckpointId id) {
        int newer = newer(job, id);
        long age = now.getAsLong() - Objects.requireNonNull(manifests.get(id)).millis();
        boolean isOld = retention.maxAgeMillis() > 0 && age > retention.maxAgeMillis();
        return newer > 0 && (newer >= retention.count() || isOld || chosen.contains(id));
    }

    /** Objects that are gone. */
    int deletions() {
        return deletions;
    }

    /** After the last checkpoint of a job and all that follows from it. */
    void checkNothingIsLeft(JobId job) {
        Set<String> needed = new HashSet<>();
        for (Manifest manifest : canonical(job)) {
            if (there.contains(manifestKey(manifest))) {
                Invariant.I7.holds(
                        newer(job, manifest.id()) < retention.count() || chosen.contains(manifest.id()),
                        () -> manifest.id() + " of " + job + " is kept, with all of " + retention + " after it");
                needed.add(manifestKey(manifest));
                manifest.states().forEach(state -> needed.add(state.key()));
            }
        }
        needed.forEach(key -> Invariant.I7.holds(there.contains(key), () -> key + " of a kept checkpoint is gone"));
        Set<String> known = new HashSet<>();
        logs.getOrDefault(job, List.of()).forEach(entry -> known.add(StatePlace.submission(entry.request())));
        long reach = reach(job);
        there.stream()
                .filter(key -> key.startsWith(job + "/") && !isOfLog(key) && !needed.contains(key))
                .filter(key -> mustGo(StatePlace.of(key).orElseGet(() -> places.get(key)), known, reach))
                .findFirst()
                .ifPresent(key -> {
                    throw Invariant.I7.broken(key + " is left, and no checkpoint needs it");
                });
    }

    /**
     * What submissions left that never made an entry stays, since nobody can know that they will not; and so does what is
     * older than all that is looked at, if nobody got to delete it when it was time.
     */
    private static boolean mustGo(@Nullable StatePlace place, Set<String> known, long reach) {
        return place == null || known.contains(place.submission()) && place.generation() >= reach;
    }

    /** The oldest generation that is looked at when what nobody needs is deleted. */
    private long reach(JobId job) {
        List<Entry> log = logs.getOrDefault(job, List.of());
        if (log.isEmpty()) {
            return 0;
        }
        long shortened = closed.getOrDefault(job, 0L);
        Entry oldest = log.get((int) Math.max(shortened, log.size() - ENTRIES_LOOKED_AT));
        return shortened == 0 && log.size() <= ENTRIES_LOOKED_AT || oldest.isBarrier()
                ? 0
                : manifest(oldest).run().generation() + 1;
    }
}
