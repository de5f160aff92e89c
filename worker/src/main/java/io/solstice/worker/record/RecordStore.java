package io.solstice.worker.record;

/** Generated code that writes one record into a row of output columns. See {@link RecordLoop} for the arguments. */
abstract class RecordStore {
    abstract void write(Object record, long[] out, Object[] sinks, int row) throws Throwable;
}
