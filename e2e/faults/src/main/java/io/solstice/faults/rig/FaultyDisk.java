package io.solstice.faults.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Makes writing and syncing below a folder fail for processes that were started with its {@link #environment}: by a
 * library that is built from {@code disk_fault.c} and stands before the C library in them. Both sides map one file, in
 * which the order stands and the calls that were hit are counted.
 */
public final class FaultyDisk {
    private static final String SOURCE = "/disk_fault.c";
    private static final int CONTROL_BYTES = 4096;
    private static final int MILLIS = 4;
    private static final int BITES = 8;
    private static final int FOLDER = 16;

    private final Path library;
    private final Path control;
    private final MappedByteBuffer order;

    /** What becomes of a call. The order is that of the C source. */
    public enum Mode {
        HEALTHY,
        /** Half of a write succeeds, and then none: there is no space left. */
        FULL,
        /** Writes and syncs fail. */
        FAILING,
        /** Writes succeed, syncs fail. */
        UNSYNCED,
        /** Each write and sync takes a while. */
        SLOW
    }

    private FaultyDisk(Path library, Path control, MappedByteBuffer order) {
        this.library = library;
        this.control = control;
        this.order = order;
    }

    /** Whether a C compiler is there to build the library. */
    public static boolean isPossible() throws InterruptedException {
        try {
            return run(List.of("cc", "--version")) == 0;
        } catch (IOException noCompiler) {
            return false;
        }
    }

    private static int run(List<String> words) throws IOException, InterruptedException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    static FaultyDisk in(Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve("disk_fault.c");
        Path library = folder.resolve("disk_fault.so");
        try (InputStream text = FaultyDisk.class.getResourceAsStream(SOURCE)) {
            if (text == null) {
                throw new IOException("there is no " + SOURCE);
            }
            Files.copy(text, source);
        }
        int code = run(List.of("cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl"));
        if (code != 0) {
            throw new IOException("cc could not build " + source + ": exit status " + code);
        }
        Path control = Files.write(folder.resolve("disk_fault.control"), new byte[CONTROL_BYTES]);
        try (FileChannel file = FileChannel.open(control, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer order = file.map(FileChannel.MapMode.READ_WRITE, 0, CONTROL_BYTES);
            order.order(ByteOrder.nativeOrder());
            return new FaultyDisk(library, control, order);
        }
    }

    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "SOLSTICE_FAULT_DISK", control.toString());
    }

    /** From now on. @param millis what each call takes, if it is slow */
    public void order(Mode mode, Path folder, int millis) throws IOException {
        order.putInt(0, Mode.HEALTHY.ordinal());
        byte[] name = (folder.toRealPath() + "\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer place = order.duplicate();
        place.position(FOLDER);
        place.put(name);
        order.putLong(BITES, 0);
        order.putInt(MILLIS, millis);
        order.putInt(0, mode.ordinal());
    }

    public void heal() {
        order.putInt(0, Mode.HEALTHY.ordinal());
    }

    /** How many calls were hit since the last order. */
    public long bites() {
        return order.getLong(BITES);
    }
}
