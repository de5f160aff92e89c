package io.solstice.connector.lance;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.DataSizeRoundingUtil;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;

/**
 * How a fragment is read. Handing over a batch costs Lance about 0.1 ms however small it is, so rows come in larger
 * pieces than {@code batch_size} and are cut up afterwards, without a copy. And Lance reads ahead up to 2 GB of a scan,
 * which cannot be set for a scan, so a large fragment is read in several scans, one after the other.
 *
 * @param pieceRows rows that Lance hands over at once
 * @param windowRows rows of one scan
 */
record ScanPlan(int pieceRows, long windowRows) {
    private static final int PIECE_ROWS = 8192;
    private static final long PIECE_BYTES = 2L << 20;
    private static final long WINDOW_BYTES = 64L << 20;

    static ScanPlan of(FragmentMetadata fragment, Schema delivered, int batchSize) {
        long rowBytes = rowBytes(fragment, delivered);
        long pieceRows = Math.min(PIECE_ROWS, PIECE_BYTES / rowBytes);
        pieceRows = Math.max(batchSize, pieceRows - pieceRows % batchSize);
        return new ScanPlan((int) pieceRows, Math.max(pieceRows, WINDOW_BYTES / rowBytes));
    }

    /** Exact for columns of fixed width; the others are taken to be as wide as the file has bytes for a row. */
    private static long rowBytes(FragmentMetadata fragment, Schema delivered) {
        long fixedBits = 0;
        boolean variable = false;
        for (Field field : delivered.getFields()) {
            long bits = fixedBits(field);
            fixedBits += Math.max(0, bits);
            variable |= bits < 0;
        }
        long bytes = DataSizeRoundingUtil.divideBy8Ceil(fixedBits);
        if (variable && fragment.getPhysicalRows() > 0) {
            long fileBytes = 0;
            for (DataFile file : fragment.getFiles()) {
                Long size = file.getFileSizeBytes();
                fileBytes += size == null ? 0 : size;
            }
            bytes += fileBytes / fragment.getPhysicalRows();
        }
        return Math.max(1, bytes);
    }

    /** Bits of a value, or -1 if values differ in size. */
    private static long fixedBits(Field field) {
        ArrowType type = field.getType();
        return switch (type.getTypeID()) {
            case Null -> 0;
            case Bool -> 1;
            case Int -> ((ArrowType.Int) type).getBitWidth();
            case FloatingPoint ->
                switch (((ArrowType.FloatingPoint) type).getPrecision()) {
                    case HALF -> 16;
                    case SINGLE -> 32;
                    case DOUBLE -> 64;
                };
            case Decimal -> ((ArrowType.Decimal) type).getBitWidth();
            case FixedSizeBinary -> 8L * ((ArrowType.FixedSizeBinary) type).getByteWidth();
            case Date, Time, Timestamp, Duration -> 64;
            case FixedSizeList -> {
                long item = fixedBits(field.getChildren().get(0));
                yield item < 0 ? -1 : item * ((ArrowType.FixedSizeList) type).getListSize();
            }
            case Struct -> sum(field.getChildren());
            default -> -1;
        };
    }

    private static long sum(List<Field> fields) {
        long bits = 0;
        for (Field field : fields) {
            long width = fixedBits(field);
            if (width < 0) {
                return -1;
            }
            bits += width;
        }
        return bits;
    }
}
