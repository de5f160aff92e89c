package io.solstice.common.store;

import io.solstice.common.error.ErrorCode;
import io.solstice.common.error.SolsticeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Objects by key, written once. All methods block, may be called from any thread and throw
 * {@link SolsticeException}; after {@link #close} they throw {@link IllegalStateException}. Keys are as
 * {@link ObjectKeys} says; a key must not be the folder of another one.
 *
 * <p>What every store keeps to, also between processes and machines:
 *
 * <ul>
 *   <li>of all who create a key, exactly one is told {@link Outcome#CREATED};
 *   <li>an object is there whole or not at all, and once it is there, every reader sees it;
 *   <li>whoever is told that an object is there finds it again after a crash of all machines;
 *   <li>an error while creating leaves open whether the object is there; whoever needs to know looks, or creates again.
 * </ul>
 */
public interface ObjectStore extends AutoCloseable {
    /** What to read and write at once of large objects. */
    int PIECE_BYTES = 256 << 10;

    /** Begins an object, which is there once {@link ObjectWriter#finish} has said so. */
    ObjectWriter create(String key);

    /**
     * Up to {@code length} bytes of an object from {@code offset} on; fewer if it ends before. What is read is not
     * verified: use {@link #open} where the whole object is read.
     *
     * @throws SolsticeException {@link ErrorCode#OBJECT_MISSING} if there is no such object
     */
    InputStream range(String key, long offset, long length);

    /** The object's length, or nothing if there is no such object. */
    OptionalLong size(String key);

    /** Makes the object gone; it need not be there. */
    void delete(String key);

    /**
     * Up to {@code limit} keys that begin with {@code prefix} and come after {@code after}, in the order of their
     * characters. For people, and for finding what can be deleted: nothing may depend on it being complete.
     */
    List<String> list(String prefix, String after, int limit);

    /**
     * Removes what writers that died left unfinished longer ago than {@code age}, and says how much. The age must exceed
     * the longest time that a writer may take, for living writers are not told apart from dead ones.
     */
    int sweep(Duration age);

    @Override
    void close();

    /** Creates an object from bytes that are at hand. */
    default Creation putNew(String key, byte[] content) {
        return putNew(key, out -> out.write(content));
    }

    /** Creates an object from what {@code content} writes, which is asked once. */
    default Creation putNew(String key, Content content) {
        try (ObjectWriter writer = create(key)) {
            content.writeTo(writer);
            return writer.finish();
        } catch (IOException failed) {
            throw ErrorCode.IO_FAILED
                    .error("the content of object '" + key + "' could not be produced")
                    .cause(failed.toString())
                    .toException(failed);
        }
    }

    /** Writes an object's bytes. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * The whole object. Its end is reached only if size and SHA-256 are as {@code ref} says; until then, what was read
     * is not verified.
     *
     * @throws SolsticeException {@link ErrorCode#OBJECT_MISSING}, and from the stream {@link ErrorCode#OBJECT_DAMAGED}
     */
    default InputStream open(ObjectRef ref) {
        return new VerifiedInput(ref, range(ref.key(), 0, Long.MAX_VALUE));
    }

    /** The whole object, verified. */
    default byte[] read(ObjectRef ref) {
        try (InputStream in = open(ref)) {
            return in.readAllBytes();
        } catch (IOException failed) {
            throw SolsticeException.of(failed);
        }
    }

    /** A small object whose size and hash nobody kept; it should prove itself, by a hash of its own. */
    default byte[] read(String key, int limitBytes) {
        try (InputStream in = range(key, 0, limitBytes + 1L)) {
            byte[] bytes = in.readAllBytes();
            if (bytes.length > limitBytes) {
                throw ErrorCode.OBJECT_DAMAGED
                        .error("object '" + key + "' is larger than such an object can be")
                        .where(key)
                        .cause("it has more than " + limitBytes + " bytes")
                        .toException();
            }
            return bytes;
        } catch (IOException failed) {
            throw SolsticeException.of(failed);
        }
    }

    default boolean exists(String key) {
        return size(key).isPresent();
    }

    /** Whether the object is there with just that content; all of it is read if its length fits. */
    default boolean holds(ObjectRef ref) {
        OptionalLong size = size(ref.key());
        if (size.isEmpty() || size.getAsLong() != ref.size()) {
            return false;
        }
        try (InputStream in = open(ref)) {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SolsticeException other) {
            if (other.code() == ErrorCode.OBJECT_DAMAGED || other.code() == ErrorCode.OBJECT_MISSING) {
                return false;
            }
            throw other;
        } catch (IOException failed) {
            throw SolsticeException.of(failed);
        }
    }
}
