package io.solstice.api.cluster;

/**
 * How far a jar is on its way to the master.
 *
 * @param sentBytes what the network has been given, of {@code totalBytes}
 */
public record UploadProgress(String fileName, long sentBytes, long totalBytes) {}
