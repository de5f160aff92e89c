package io.solstice.connector.files;

import io.solstice.common.error.ErrorCode;
import java.time.DateTimeException;
import java.time.ZoneId;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** The values of a vector of dates or times, as ISO 8601. */
interface IsoValues {
    void write(IsoWriter iso, int row);

    static IsoValues of(FieldVector vector) {
        LongValues counts = LongValues.of(vector);
        ArrowType type = vector.getField().getType();
        if (type instanceof ArrowType.Date date) {
            long perDay = WholeNumbers.perDay(date);
            return (iso, row) -> iso.date(Math.floorDiv(counts.get(row), perDay));
        }
        if (type instanceof ArrowType.Time time) {
            long perSecond = WholeNumbers.perSecond(time.getUnit());
            return (iso, row) -> iso.time(counts.get(row), perSecond);
        }
        ArrowType.Timestamp timestamp = (ArrowType.Timestamp) type;
        long perSecond = WholeNumbers.perSecond(timestamp.getUnit());
        ZoneId zone = zone(vector.getName(), timestamp.getTimezone());
        return (iso, row) -> iso.timestamp(counts.get(row), perSecond, zone);
    }

    private static @Nullable ZoneId zone(String column, @Nullable String name) {
        try {
            return name == null ? null : ZoneId.of(name).normalized();
        } catch (DateTimeException unknown) {
            throw ErrorCode.NOT_SUPPORTED
                    .error("the time zone '" + name + "' is not known")
                    .where("column '" + column + "'")
                    .help("use a zone such as UTC, Europe/Berlin or +01:00")
                    .toException(unknown);
        }
    }
}
