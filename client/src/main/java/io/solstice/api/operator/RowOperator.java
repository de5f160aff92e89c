package io.solstice.api.operator;

import io.solstice.api.row.Row;
import java.util.List;

/**
 * An operator that sees one record at a time. Convenient, and slower than expressions, records or batches by an order
 * of magnitude.
 */
public interface RowOperator extends Operator {
    /** Returns none, one or many records for the given one. */
    List<Row> process(Row record) throws Exception;

    /** The input has come to its end: what is still owed. */
    default List<Row> finish() throws Exception {
        return List.of();
    }
}
