package io.solstice.common.store;

/**
 * An object together with what it must be, so that whoever reads it can tell.
 *
 * @param size in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record ObjectRef(String key, long size, String sha256) {
    public ObjectRef {
        ObjectKeys.check(key);
        if (size < 0 || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a size and a SHA-256: " + size + ", " + sha256);
        }
    }
}
