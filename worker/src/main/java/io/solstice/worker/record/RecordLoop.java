package io.solstice.worker.record;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A generated loop over rows {@code from} to {@code to} of a batch. {@code in} and {@code out} hold two addresses for
 * each component, of its values and of its validity bits; readers and writers serve the components that are objects.
 */
abstract class RecordLoop {
    static final int PER_COMPONENT = 2;

    /** The row at which the last run failed. */
    int row;

    /** For columns without nulls. */
    abstract void dense(long[] in, ComponentReader[] readers, long[] out, Object[] sinks, int from, int to)
            throws Throwable;

    /** For columns that may have nulls. */
    abstract void sparse(long[] in, ComponentReader[] readers, long[] out, Object[] sinks, int from, int to)
            throws Throwable;

    static SolsticeException nullValue(String component) {
        return ErrorCode.NULL_VALUE
                .error("'" + component + "' is null, which a primitive component cannot hold")
                .help(
                        "declare it as an object (Long instead of long), or filter or replace the nulls in a stage before")
                .toException();
    }

    static SolsticeException nullValue(String component, int row) {
        SolsticeException error = nullValue(component);
        return error.error().where("row " + row).toException();
    }

    static SolsticeException nullResult() {
        return ErrorCode.NULL_VALUE
                .error("the function returned null instead of a record")
                .help("use a FilterOperator or FlatMapOperator to leave records out")
                .toException();
    }

    static void setBit(long bits, int row, int value) {
        long at = bits + (row >> 3);
        int mask = 1 << (row & 7);
        int others = MemoryUtil.getByte(at) & ~mask;
        MemoryUtil.putByte(at, (byte) (value == 0 ? others : others | mask));
    }
}
