package io.solstice.master.checkpoint;

import com.google.gson.JsonObject;
import io.solstice.common.error.ErrorCode;
import io.solstice.common.id.CheckpointId;
import io.solstice.common.store.ObjectRef;
import io.solstice.master.job.Manifest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An entry of a job's log, which makes a checkpoint canonical. It proves itself by a hash of its own, since nothing else
 * names it.
 *
 * @param writer unlike that of any other process, so that a writer can tell its own entry from another's
 * @param request that made the run on whose behalf it was entered: the same for all masters that lead it
 * @param leader the term of the master that entered it
 */
record LogEntry(
        long number,
        CheckpointId checkpoint,
        long epoch,
        long generation,
        long term,
        ObjectRef manifest,
        String writer,
        String request,
        long leader) {
    /** Of an entry that makes nothing canonical. */
    private static final ObjectRef NO_MANIFEST = new ObjectRef("none", 0, "0".repeat(64));

    static LogEntry of(long number, Manifest manifest, ObjectRef ref, String writer, String request) {
        return new LogEntry(
                number,
                manifest.id(),
                manifest.epoch(),
                manifest.run().generation(),
                manifest.term(),
                ref,
                writer,
                request,
                manifest.term());
    }

    /** The first entry of a log that makes nothing canonical. */
    static LogEntry barrier(long generation, long term, String writer, String request) {
        return new LogEntry(1, CheckpointId.of(0, 0), 0, generation, term, NO_MANIFEST, writer, request, term);
    }

    /** The same once more, by the hand of another master. */
    LogEntry again(long at, long under, String by, String of) {
        return new LogEntry(at, checkpoint, epoch, generation, term, manifest, by, of, under);
    }

    boolean isBarrier() {
        return manifest.equals(NO_MANIFEST);
    }

    byte[] write() {
        JsonObject json = new JsonObject();
        json.addProperty("seq", number);
        json.addProperty("checkpoint_id", checkpoint.value());
        json.addProperty("epoch", epoch);
        json.addProperty("generation", generation);
        json.addProperty("term", term);
        json.addProperty("manifest", manifest.key());
        json.addProperty("manifest_bytes", manifest.size());
        json.addProperty("manifest_sha256", manifest.sha256());
        json.addProperty("writer", writer);
        json.addProperty("request_id", request);
        json.addProperty("leader_term", leader);
        json.addProperty("sha256", hash());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Of all that it says, line by line. */
    private String hash() {
        List<Object> parts = List.of(
                number,
                checkpoint,
                epoch,
                generation,
                term,
                manifest.key(),
                manifest.size(),
                manifest.sha256(),
                writer,
                request,
                leader);
        String text = parts.stream().map(String::valueOf).collect(Collectors.joining("\n"));
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    static LogEntry read(String key, byte[] bytes) {
        return JsonReading.parse(key, bytes, json -> read(key, json));
    }

    private static LogEntry read(String key, JsonReading json) {
        LogEntry entry = new LogEntry(
                json.whole("seq"),
                new CheckpointId(json.text("checkpoint_id")),
                json.whole("epoch"),
                json.whole("generation"),
                json.whole("term"),
                json.ref("manifest", "manifest_bytes", "manifest_sha256"),
                json.text("writer"),
                json.text("request_id"),
                json.whole("leader_term"));
        if (!json.text("sha256").equals(entry.hash())) {
            throw ErrorCode.OBJECT_DAMAGED
                    .error("object '" + key + "' is not what was written")
                    .where(key)
                    .cause("its own sha256 does not fit what it says")
                    .help("check the disk or store that holds it")
                    .toException();
        }
        return entry;
    }
}
