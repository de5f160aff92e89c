package io.solstice.worker.userstate;

import io.solstice.api.row.Row;
import io.solstice.api.row.RowSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that a {@link Row} can hold as bytes, each with a mark of its type before it. Reused from value to value. */
final class ValueBytes {
    private byte[] bytes = new byte[256];
    private int size;

    void clear() {
        size = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
        }
    }

    private ValueBytes mark(char mark) {
        room(1);
        bytes[size++] = (byte) mark;
        return this;
    }

    void fixed(long value) {
        room(Long.BYTES);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** In few bytes if it is small. */
    void count(int value) {
        room(5);
        int left = value;
        while (left > 0x7f) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    private void bytes(byte[] content) {
        count(content.length);
        room(content.length);
        System.arraycopy(content, 0, bytes, size, content.length);
        size += content.length;
    }

    private void text(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param name of the state, for an error */
    void value(String name, @Nullable Object value) {
        if (value == null) {
            mark('0');
        } else if (value instanceof Long number) {
            mark('l').fixed(number);
        } else if (value instanceof String text) {
            mark('s').text(text);
        } else if (value instanceof Integer number) {
            mark('i').fixed(number);
        } else if (value instanceof Double number) {
            mark('d').fixed(Double.doubleToRawLongBits(number));
        } else if (value instanceof Boolean flag) {
            mark(flag ? 't' : 'f');
        } else if (value instanceof byte[] content) {
            mark('x').bytes(content);
        } else if (value instanceof Float number) {
            mark('e').fixed(Float.floatToRawIntBits(number));
        } else if (value instanceof Short number) {
            mark('h').fixed(number);
        } else if (value instanceof Byte number) {
            mark('b').fixed(number);
        } else if (value instanceof BigDecimal number) {
            mark('n').fixed(number.scale());
            bytes(number.unscaledValue().toByteArray());
        } else if (!time(value) && !several(name, value)) {
            // Says which values there can be.
            RowSchema.fieldOf(name, value);
            throw new IllegalStateException("no bytes for a " + value.getClass());
        }
    }

    private boolean time(Object value) {
        if (value instanceof Instant instant) {
            mark('I').fixed(instant.getEpochSecond());
            count(instant.getNano());
        } else if (value instanceof LocalDateTime local) {
            mark('T').fixed(local.toEpochSecond(ZoneOffset.UTC));
            count(local.getNano());
        } else if (value instanceof LocalDate date) {
            mark('D').fixed(date.toEpochDay());
        } else if (value instanceof LocalTime time) {
            mark('C').fixed(time.toNanoOfDay());
        } else if (value instanceof Duration duration) {
            mark('U').fixed(duration.getSeconds());
            count(duration.getNano());
        } else {
            return false;
        }
        return true;
    }

    private boolean several(String name, Object value) {
        if (value instanceof List<?> list) {
            mark('L').count(list.size());
            list.forEach(item -> value(name, item));
        } else if (value instanceof Map<?, ?> map) {
            mark('M').count(map.size());
            map.forEach((key, item) -> {
                text(String.valueOf(key));
                value(name, item);
            });
        } else if (value instanceof Row row) {
            mark('R').count(row.names().size());
            row.toMap().forEach((member, item) -> {
                text(member);
                value(name, item);
            });
        } else if (value instanceof float[] numbers) {
            mark('F').count(numbers.length);
            for (float number : numbers) {
                fixed(Float.floatToRawIntBits(number));
            }
        } else if (value instanceof double[] numbers) {
            mark('G').count(numbers.length);
            for (double number : numbers) {
                fixed(Double.doubleToRawLongBits(number));
            }
        } else {
            return false;
        }
        return true;
    }

    static int readCount(ByteBuffer from) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = from.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static byte[] readBytes(ByteBuffer from) {
        byte[] content = new byte[readCount(from)];
        from.get(content);
        return content;
    }

    private static String readText(ByteBuffer from) {
        return new String(readBytes(from), StandardCharsets.UTF_8);
    }

    static @Nullable Object read(ByteBuffer from) {
        char mark = (char) from.get();
        return switch (mark) {
            case '0' -> null;
            case 'l' -> from.getLong();
            case 's' -> readText(from);
            case 'i' -> (int) from.getLong();
            case 'd' -> Double.longBitsToDouble(from.getLong());
            case 't' -> true;
            case 'f' -> false;
            case 'x' -> readBytes(from);
            case 'e' -> Float.intBitsToFloat((int) from.getLong());
            case 'h' -> (short) from.getLong();
            case 'b' -> (byte) from.getLong();
            case 'n' -> decimal(from);
            case 'I' -> Instant.ofEpochSecond(from.getLong(), readCount(from));
            case 'T' -> LocalDateTime.ofEpochSecond(from.getLong(), readCount(from), ZoneOffset.UTC);
            case 'D' -> LocalDate.ofEpochDay(from.getLong());
            case 'C' -> LocalTime.ofNanoOfDay(from.getLong());
            case 'U' -> Duration.ofSeconds(from.getLong(), readCount(from));
            default -> readSeveral(mark, from);
        };
    }

    private static BigDecimal decimal(ByteBuffer from) {
        int scale = (int) from.getLong();
        return new BigDecimal(new BigInteger(readBytes(from)), scale);
    }

    private static Object readSeveral(char mark, ByteBuffer from) {
        int count = readCount(from);
        switch (mark) {
            case 'L' -> {
                List<@Nullable Object> list = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    list.add(read(from));
                }
                return list;
            }
            case 'M', 'R' -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = 0; i < count; i++) {
                    map.put(readText(from), read(from));
                }
                return mark == 'M' ? map : Row.ofMap(map);
            }
            case 'F' -> {
                float[] numbers = new float[count];
                for (int i = 0; i < count; i++) {
                    numbers[i] = Float.intBitsToFloat((int) from.getLong());
                }
                return numbers;
            }
            case 'G' -> {
                double[] numbers = new double[count];
                for (int i = 0; i < count; i++) {
                    numbers[i] = Double.longBitsToDouble(from.getLong());
                }
                return numbers;
            }
            default -> throw new IllegalStateException("no value begins with " + (int) mark);
        }
    }
}
