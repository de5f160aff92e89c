package io.solstice.connector.files;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes dates and times as ISO 8601 into a buffer of its own, without objects on the usual path (years 0 to 9999, UTC
 * or no zone). A fraction of a second is written with the digits of the unit, and left out where it is zero.
 */
final class IsoWriter {
    private static final int SECONDS_A_DAY = 86_400;
    private static final long LAST_USUAL_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long FIRST_USUAL_DAY = LocalDate.of(0, 1, 1).toEpochDay();

    private byte[] bytes = new byte[64];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void date(long day) {
        length = 0;
        putDate(day);
    }

    /** @param perSecond units in a second */
    void time(long count, long perSecond) {
        length = 0;
        putTime(Math.floorDiv(count, perSecond), Math.floorMod(count, perSecond), perSecond);
    }

    /** @param zone where the type has one, else null */
    void timestamp(long count, long perSecond, @Nullable ZoneId zone) {
        length = 0;
        long seconds = Math.floorDiv(count, perSecond);
        long fraction = Math.floorMod(count, perSecond);
        long day = Math.floorDiv(seconds, SECONDS_A_DAY);
        boolean utc = zone == null || zone.equals(ZoneOffset.UTC);
        if (!utc || day < FIRST_USUAL_DAY || day > LAST_USUAL_DAY) {
            putUnusual(seconds, fraction * (1_000_000_000L / perSecond), zone);
            return;
        }
        putDate(day);
        bytes[length++] = 'T';
        putTime(Math.floorMod(seconds, SECONDS_A_DAY), fraction, perSecond);
        if (zone != null) {
            bytes[length++] = 'Z';
        }
    }

    private void putUnusual(long seconds, long nanos, @Nullable ZoneId zone) {
        Instant instant = Instant.ofEpochSecond(seconds, nanos);
        put(
                zone == null
                        ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(instant.atZone(ZoneOffset.UTC))
                        : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone)));
    }

    private void putDate(long day) {
        if (day < FIRST_USUAL_DAY || day > LAST_USUAL_DAY) {
            put(LocalDate.ofEpochDay(day).toString());
            return;
        }
        // Howard Hinnant's civil_from_days: years begin in March, so that the leap day comes last.
        long shifted = day + 719_468;
        int era = (int) Math.floorDiv(shifted, 146_097);
        int dayOfEra = (int) (shifted - era * 146_097L);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        digits(year, 4);
        bytes[length++] = '-';
        digits(month, 2);
        bytes[length++] = '-';
        digits(dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2);
    }

    private void putTime(long secondOfDay, long fraction, long perSecond) {
        digits(secondOfDay / 3600, 2);
        bytes[length++] = ':';
        digits(secondOfDay / 60 % 60, 2);
        bytes[length++] = ':';
        digits(secondOfDay % 60, 2);
        if (fraction != 0) {
            bytes[length++] = '.';
            digits(fraction, perSecond == 1000 ? 3 : perSecond == 1_000_000 ? 6 : 9);
        }
    }

    private void digits(long value, int count) {
        long rest = value;
        for (int i = length + count - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private void put(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length < length + ascii.length + 32) {
            bytes = Arrays.copyOf(bytes, length + ascii.length + 64);
        }
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
    }
}
