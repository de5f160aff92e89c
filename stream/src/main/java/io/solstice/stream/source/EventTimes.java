package io.solstice.stream.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

/**
 * When an event happened: a text as in {@code 2026-01-01T10:00:00Z}, with another zone or without one, which is UTC
 * then, or a number of milliseconds since 1970-01-01 UTC.
 */
final class EventTimes {
    /** A thousand years before and behind: more is a slip, such as nanoseconds. */
    private static final long FARTHEST_MILLIS = 31_600_000_000_000L;

    private EventTimes() {}

    static long micros(JsonParser parser, JsonToken value) throws IOException {
        switch (value) {
            case VALUE_STRING -> {
                return micros(parser.getText());
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                double millis = parser.getDoubleValue();
                if (Math.abs(millis) > FARTHEST_MILLIS) {
                    throw new IOException("event_time " + parser.getText() + " is no number of milliseconds");
                }
                return value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() * 1_000 : Math.round(millis * 1_000);
            }
            default -> throw new IOException("event_time is neither a text nor a number");
        }
    }

    static long micros(String text) throws IOException {
        try {
            String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
            TemporalAccessor parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
            Instant instant = parsed instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
            if (Math.abs(instant.toEpochMilli()) > FARTHEST_MILLIS) {
                throw new IOException("event_time " + text + " is too far away");
            }
            return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
        } catch (DateTimeException | ArithmeticException notATime) {
            throw new IOException("event_time '" + text + "' is no time such as 2026-01-01T10:00:00Z");
        }
    }
}
