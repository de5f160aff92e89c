package io.solstice.connector.files;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * Reads ISO 8601 text: {@code 2026-01-31}, {@code 12:34:56.789}, and both with {@code T} or a space between, with or
 * without {@code Z} or {@code +01:00}. Whatever is wrong, or finer than the unit can hold, is a DateTimeException or an
 * ArithmeticException.
 */
final class IsoParser {
    private char[] text = new char[0];
    private int at;
    private int end;

    long day(char[] chars, int offset, int length) {
        begin(chars, offset, length);
        long day = date();
        finish();
        return day;
    }

    /** @param perSecond units in a second */
    long time(char[] chars, int offset, int length, long perSecond) {
        begin(chars, offset, length);
        long count = clock(perSecond);
        finish();
        return count;
    }

    /** @param zoned whether the text must say an offset, else it must not */
    long timestamp(char[] chars, int offset, int length, long perSecond, boolean zoned) {
        begin(chars, offset, length);
        long day = date();
        if (at >= end || (text[at] != 'T' && text[at] != 't' && text[at] != ' ')) {
            throw wrong();
        }
        at++;
        long count = Math.addExact(Math.multiplyExact(day, 86_400 * perSecond), clock(perSecond));
        if (zoned) {
            count = Math.subtractExact(count, offsetSeconds() * perSecond);
        }
        finish();
        return count;
    }

    private void begin(char[] chars, int offset, int length) {
        text = chars;
        at = offset;
        end = offset + length;
    }

    private void finish() {
        if (at != end) {
            throw wrong();
        }
    }

    private long date() {
        boolean signed = at < end && (text[at] == '-' || text[at] == '+');
        int sign = signed && text[at++] == '-' ? -1 : 1;
        int first = at;
        int year = 0;
        while (at < end && Character.isDigit(text[at]) && at - first < 9) {
            year = year * 10 + text[at++] - '0';
        }
        if (at - first < 4) {
            throw wrong();
        }
        require('-');
        int month = twoDigits();
        require('-');
        return LocalDate.of(sign * year, month, twoDigits()).toEpochDay();
    }

    private long clock(long perSecond) {
        int hour = twoDigits();
        require(':');
        int minute = twoDigits();
        int second = 0;
        long nanos = 0;
        if (at < end && text[at] == ':') {
            at++;
            second = twoDigits();
            if (at < end && (text[at] == '.' || text[at] == ',')) {
                at++;
                nanos = fraction();
            }
        }
        long nanosPerUnit = 1_000_000_000L / perSecond;
        if (nanos % nanosPerUnit != 0) {
            throw new ArithmeticException("the fraction of a second is finer than the type's unit");
        }
        return LocalTime.of(hour, minute, second).toSecondOfDay() * perSecond + nanos / nanosPerUnit;
    }

    private long fraction() {
        int first = at;
        long nanos = 0;
        while (at < end && text[at] >= '0' && text[at] <= '9' && at - first < 9) {
            nanos = nanos * 10 + text[at++] - '0';
        }
        if (at == first) {
            throw wrong();
        }
        for (int i = at - first; i < 9; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    private int offsetSeconds() {
        if (at < end && (text[at] == 'Z' || text[at] == 'z')) {
            at++;
            return 0;
        }
        if (at >= end || (text[at] != '+' && text[at] != '-')) {
            throw wrong();
        }
        int sign = text[at++] == '-' ? -1 : 1;
        int hours = twoDigits();
        int minutes = 0;
        if (at < end) {
            if (text[at] == ':') {
                at++;
            }
            minutes = twoDigits();
        }
        return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes).getTotalSeconds();
    }

    private int twoDigits() {
        if (at + 2 > end) {
            throw wrong();
        }
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
            throw wrong();
        }
        at += 2;
        return tens * 10 + ones;
    }

    private void require(char expected) {
        if (at >= end || text[at] != expected) {
            throw wrong();
        }
        at++;
    }

    private static DateTimeException wrong() {
        return new DateTimeException("not ISO 8601");
    }
}
