package io.solstice.worker.overflow;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import io.solstice.exchange.batch.Batch;
import io.solstice.exchange.batch.BufferChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageMetadataResult;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Moves rows that are kept to files once more than half of the memory for Arrow buffers is taken. The files are mapped,
 * so rows are read as if they lay in memory, and the machine has as much of them there as it has room for. A file is
 * deleted as soon as it is open, so nothing is left behind, whatever happens to the process; its space is free again when
 * the last of its rows has been let go and the mapping collected. Used by the task's thread.
 */
public final class Overflow {
    /** Less is not worth a file. */
    public static final long LEAST_BYTES = 1L << 20;

    private static final long MOST_BYTES = 1L << 30;
    /** Address space, of which there is enough; what lies behind it is not this process's memory. */
    static final BufferAllocator MAPPED = new RootAllocator();

    private final BufferAllocator memory;
    private final Path folder;

    /** @param memory of the task; its root has the limit of the worker */
    public Overflow(BufferAllocator memory) {
        this.memory = memory;
        this.folder = Path.of(System.getProperty("java.io.tmpdir", "."));
    }

    /** Whether rows should be moved. */
    public boolean isTight() {
        BufferAllocator root = memory.getRoot();
        return root.getAllocatedMemory() > root.getLimit() / 2;
    }

    /** The same rows in a file, or as they are if there is room for them. Takes over the batch. */
    public Batch placed(Batch batch) {
        if (!isTight() || batch.byteSize() < LEAST_BYTES) {
            return batch;
        }
        try (batch) {
            return copies(List.of(batch)).get(0);
        }
    }

    /** The same rows, each batch in a file; those given stay the caller's. */
    public List<Batch> copies(List<Batch> batches) {
        List<Batch> moved = new ArrayList<>();
        try {
            int from = 0;
            while (from < batches.size()) {
                int to = from;
                long bytes = 0;
                while (to < batches.size()
                        && (to == from || bytes + batches.get(to).byteSize() < MOST_BYTES)) {
                    bytes += batches.get(to++).byteSize();
                }
                copy(batches.subList(from, to), moved);
                from = to;
            }
            return moved;
        } catch (IOException failure) {
            moved.forEach(Batch::close);
            SolsticeException known = SolsticeException.of(failure);
            throw (known.code() == ErrorCode.DISK_FULL ? ErrorCode.DISK_FULL : ErrorCode.IO_FAILED)
                    .error("state beyond memory could not be written to a file")
                    .where(folder.toString())
                    .cause(failure.toString())
                    .help("make room there, or name another folder with -Djava.io.tmpdir")
                    .toException(failure);
        } catch (RuntimeException | Error failure) {
            moved.forEach(Batch::close);
            throw failure;
        }
    }

    private void copy(List<Batch> batches, List<Batch> moved) throws IOException {
        Path file = Files.createTempFile(folder, "solstice-state-", ".arrow");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            List<Long> starts = new ArrayList<>();
            for (Batch batch : batches) {
                starts.add(channel.position());
                try (ArrowRecordBatch content = new VectorUnloader(batch.asRoot()).getRecordBatch()) {
                    MessageSerializer.serialize(new WriteChannel(channel), content);
                }
                // Columns begin where processors like them to.
                channel.position((channel.position() + 63) & -64);
            }
            channel.write(ByteBuffer.allocate(1));
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            try (ArrowBuf whole = MAPPED.wrapForeignAllocation(new Mapping(mapped))) {
                for (int i = 0; i < starts.size(); i++) {
                    moved.add(read(batches.get(i).schema(), whole, starts.get(i)));
                }
            }
        }
    }

    /** Keeps the mapping alive as long as a row of it is. */
    static final class Mapping extends ForeignAllocation {
        private final MappedByteBuffer mapped;

        Mapping(MappedByteBuffer mapped) {
            super(mapped.capacity(), MemoryUtil.getByteBufferAddress(mapped));
            this.mapped = mapped;
        }

        @Override
        protected void release0() {
            // Nothing more reads it; the collector unmaps it.
            mapped.clear();
        }
    }

    private static Batch read(Schema schema, ArrowBuf whole, long start) throws IOException {
        ReadChannel content = new ReadChannel(new BufferChannel(whole, start, whole.capacity()));
        MessageMetadataResult message = Objects.requireNonNull(MessageSerializer.readMessage(content));
        RecordBatch header =
                (RecordBatch) Objects.requireNonNull(message.getMessage().header(new RecordBatch()));
        ArrowBuf body = whole.slice(start + content.bytesRead(), message.getMessageBodyLength());
        body.getReferenceManager().retain();
        try (ArrowRecordBatch buffers = MessageSerializer.deserializeRecordBatch(header, body);
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, MAPPED)) {
            new VectorLoader(root).load(buffers);
            return Batch.transferFrom(root, MAPPED);
        }
    }

    /** How much address space is taken, for tests. */
    public static long mappedBytes() {
        return MAPPED.getAllocatedMemory();
    }
}
