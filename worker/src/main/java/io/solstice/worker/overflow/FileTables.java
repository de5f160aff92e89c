package io.solstice.worker.overflow;

import io.solstice.exchange.batch.Batch;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Schema;

/** Parts of files as tables of two columns: the name of the file, and the bytes that follow those of the row before. */
public final class FileTables {
    private static final int ROW_BYTES = 1 << 20;

    private FileTables() {}

    /**
     * A part of a file, in the memory of the file system. The file may be deleted then, and must not change.
     *
     * @param schema of a text and a binary column
     * @param name as the table has it
     * @param bytes above 0
     */
    public static Batch mapped(Schema schema, String name, Path file, long from, int bytes) throws IOException {
        BufferAllocator memory = Overflow.MAPPED;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, from, bytes);
            int rows = (bytes + ROW_BYTES - 1) / ROW_BYTES;
            VarCharVector names = new VarCharVector(schema.getFields().get(0), memory);
            VarBinaryVector content = new VarBinaryVector(schema.getFields().get(1), memory);
            try (ArrowBuf whole = memory.wrapForeignAllocation(new Overflow.Mapping(mapped));
                    ArrowBuf offsets = memory.buffer((rows + 1) * 4L)) {
                byte[] text = name.getBytes(StandardCharsets.UTF_8);
                for (int row = 0; row < rows; row++) {
                    names.setSafe(row, text);
                    offsets.setInt(row * 4L, row * ROW_BYTES);
                }
                names.setValueCount(rows);
                offsets.setInt(rows * 4L, bytes);
                offsets.writerIndex((rows + 1) * 4L);
                whole.writerIndex(bytes);
                content.loadFieldBuffers(new ArrowFieldNode(rows, 0), List.of(memory.getEmpty(), offsets, whole));
            }
            return Batch.of(schema, List.of(names, content), rows);
        }
    }
}
