package io.solstice.bench.flink;

import java.time.Duration;
import java.time.ZoneOffset;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.utils.DataTypeUtils;

/** The tables of one job. What goes in and comes out are rows as SQL's operators have them, so nothing is converted. */
record SqlTables(StreamTableEnvironment tables) {
    private static final String EVENTS = "events";

    static SqlTables of(StreamExecutionEnvironment environment) {
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        tables.getConfig().setLocalTimeZone(ZoneOffset.UTC);
        return new SqlTables(tables);
    }

    /** The table {@code events}, of a stream without time. */
    void events(DataStream<RowData> rows) {
        tables.createTemporaryView(EVENTS, tables.fromDataStream(rows));
    }

    /** The table {@code events}, with the time and the watermarks that the stream has as column {@code event_time}. */
    void timedEvents(DataStream<RowData> rows) {
        Schema timed = Schema.newBuilder()
                .columnByMetadata("event_time", DataTypes.TIMESTAMP_LTZ(3), "rowtime")
                .watermark("event_time", "SOURCE_WATERMARK()")
                .build();
        tables.createTemporaryView(EVENTS, tables.fromDataStream(rows, timed));
    }

    void view(String name, String query) {
        tables.createTemporaryView(name, tables.sqlQuery(query));
    }

    DataStream<RowData> query(String text) {
        Table result = tables.sqlQuery(text);
        return tables.toDataStream(
                result,
                DataTypeUtils.toInternalDataType(result.getResolvedSchema().toPhysicalRowDataType()));
    }

    /** The rows of a table with the tumbling windows that they belong to. */
    static String tumbling(String table, Duration size) {
        return "TABLE(TUMBLE(TABLE " + table + ", DESCRIPTOR(event_time), " + seconds(size) + "))";
    }

    static String seconds(Duration duration) {
        return "INTERVAL '" + duration.toSeconds() + "' SECOND";
    }

    /** A text is still the string that it was made of, if it was not read from bytes. */
    static String text(RowData row, int column) {
        return row.getString(column).toString();
    }

    /** A time, in milliseconds since 1970. */
    static long millis(RowData row, int column) {
        return row.getTimestamp(column, 3).getMillisecond();
    }
}
