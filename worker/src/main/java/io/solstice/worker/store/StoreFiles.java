package io.solstice.worker.store;

import io.solstice.common.error.SolsticeException;
import io.solstice.common.store.ByteStore.StoredFile;
import io.solstice.exchange.batch.Batch;
import io.solstice.spi.Tabular;
import io.solstice.worker.overflow.FileTables;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The files of a store as tables of a checkpoint: a large file as one or several of its own, all that is small together
 * in the last one, whose first row says what the entries mean.
 */
public final class StoreFiles {
    /** In the metadata of a table: of which kind of store the files are. */
    private static final String STORE = "solstice.store";
    /** Not a file of the store: what is known of its entries. */
    private static final String MEANING = "solstice.meaning";

    private static final long SMALL_BYTES = 1 << 16;
    private static final long TABLE_BYTES = 32 << 20;

    private final String store;
    private final Schema schema;

    /** @param store the kind */
    public StoreFiles(String store) {
        this.store = store;
        Field file = new Field("file", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null);
        Field content = new Field("content", FieldType.notNullable(ArrowType.Binary.INSTANCE), null);
        this.schema = new Schema(List.of(file, content), Map.of(Tabular.SHARE, Tabular.WHOLE, STORE, store));
    }

    /** One table, or the place of one. @param name of a part of a file that never changes; null for others */
    public record Part(@Nullable String name, StoredFile file, long from, int bytes) {}

    /** The tables that large files are, each no larger than one that a restore can hold. */
    public List<Part> large(List<StoredFile> files) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (StoredFile file : files) {
            long size = Files.size(file.path());
            for (long from = 0; from < size && !isSmall(file, size); from += TABLE_BYTES) {
                String name = file.isFinal() ? file.name() + "@" + from : null;
                parts.add(new Part(name, file, from, (int) Math.min(TABLE_BYTES, size - from)));
            }
        }
        return parts;
    }

    private static boolean isSmall(StoredFile file, long size) {
        return !file.isFinal() && size < SMALL_BYTES;
    }

    public Batch table(Part part) throws IOException {
        return FileTables.mapped(schema, part.file().name(), part.file().path(), part.from(), part.bytes());
    }

    /** The last table: what the entries mean, and all that is in no other. */
    public Batch small(byte[] meaning, List<StoredFile> files, BufferAllocator allocator) throws IOException {
        VarCharVector names = new VarCharVector(schema.getFields().get(0), allocator);
        VarBinaryVector content = new VarBinaryVector(schema.getFields().get(1), allocator);
        try {
            int row = 0;
            names.setSafe(row, MEANING.getBytes(StandardCharsets.UTF_8));
            content.setSafe(row++, meaning);
            for (StoredFile file : files) {
                if (isSmall(file, Files.size(file.path()))) {
                    names.setSafe(row, file.name().getBytes(StandardCharsets.UTF_8));
                    content.setSafe(row++, Files.readAllBytes(file.path()));
                }
            }
            names.setValueCount(row);
            content.setValueCount(row);
            return Batch.of(schema, List.of(names, content), row);
        } catch (IOException | RuntimeException failure) {
            names.close();
            content.close();
            throw failure;
        }
    }

    public String store() {
        return store;
    }

    /** Those that a table has parts of; null for a table of another kind. */
    public static @Nullable StoreFiles of(Batch table) {
        String store = table.schema().getCustomMetadata().get(STORE);
        return store == null ? null : new StoreFiles(store);
    }

    /** What the entries of a store mean, if the table is its last. */
    public static byte @Nullable [] meaning(Batch table) {
        return table.rowCount() > 0 && name(table, 0).equals(MEANING) ? content(table, 0) : null;
    }

    private static String name(Batch table, int row) {
        return new String(((VarCharVector) table.column(0)).get(row), StandardCharsets.UTF_8);
    }

    private static byte[] content(Batch table, int row) {
        return ((VarBinaryVector) table.column(1)).get(row);
    }

    /** Adds what the table has to files of a folder; returns the name of the part. */
    public static @Nullable String write(Batch table, Path folder) {
        try {
            Files.createDirectories(folder);
            String part = null;
            for (int row = 0; row < table.rowCount(); row++) {
                String name = name(table, row);
                if (name.equals(MEANING)) {
                    continue;
                }
                Path file = folder.resolve(name).normalize();
                if (!folder.equals(file.getParent())) {
                    throw new IOException("a file of a store cannot be called " + name);
                }
                if (part == null) {
                    part = name + "@" + (Files.exists(file) ? Files.size(file) : 0);
                }
                try (OutputStream out =
                        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    out.write(content(table, row));
                }
            }
            return part;
        } catch (IOException failure) {
            throw SolsticeException.of(failure);
        }
    }
}
