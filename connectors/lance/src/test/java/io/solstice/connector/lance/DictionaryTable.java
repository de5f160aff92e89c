package io.solstice.connector.lance;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.Dataset;

/** A table whose column {@code c} is stored as a dictionary, as other programs make them. */
final class DictionaryTable extends ArrowReader {
    private final Dictionary dictionary;
    private final VectorSchemaRoot root;
    private final int[] indexes;
    private boolean loaded;

    private DictionaryTable(BufferAllocator memory, Dictionary dictionary, int[] indexes) {
        super(memory);
        this.dictionary = dictionary;
        this.indexes = indexes;
        FieldType type = new FieldType(true, dictionary.getEncoding().getIndexType(), dictionary.getEncoding());
        this.root = VectorSchemaRoot.create(new Schema(List.of(new Field("c", type, null))), memory);
    }

    /** @param indexes -1 for null */
    static void write(Path table, BufferAllocator memory, List<String> values, int... indexes) {
        try (VarCharVector words = new VarCharVector("words", memory);
                ArrowArrayStream stream = ArrowArrayStream.allocateNew(memory)) {
            for (int i = 0; i < values.size(); i++) {
                words.setSafe(i, values.get(i).getBytes(StandardCharsets.UTF_8));
            }
            words.setValueCount(values.size());
            DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
            DictionaryTable reader = new DictionaryTable(memory, new Dictionary(words, encoding), indexes);
            Data.exportArrayStream(memory, reader, stream);
            Dataset.write().allocator(memory).stream(stream)
                    .uri(table.toString())
                    .execute()
                    .close();
        }
    }

    @Override
    public boolean loadNextBatch() {
        if (loaded) {
            return false;
        }
        loaded = true;
        IntVector vector = (IntVector) root.getVector(0);
        vector.allocateNew(indexes.length);
        for (int i = 0; i < indexes.length; i++) {
            if (indexes[i] >= 0) {
                vector.set(i, indexes[i]);
            }
        }
        root.setRowCount(indexes.length);
        return true;
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() {
        return root;
    }

    @Override
    public Dictionary lookup(long id) {
        return dictionary;
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return Set.of(1L);
    }

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() {
        return Map.of(1L, dictionary);
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public void close(boolean closeReadChannel) {
        root.close();
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() {
        return root.getSchema();
    }
}
