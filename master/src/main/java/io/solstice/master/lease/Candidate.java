package io.solstice.master.lease;

/**
 * A master that may lead.
 *
 * @param id of this process, unlike that of any other
 * @param endpoint where it is called
 * @param machine on which it runs, since when that was started; empty if that cannot be told
 * @param locked whether it holds the lock beside the journal, so that its end can be seen on the same machine
 */
public record Candidate(String id, String endpoint, String machine, boolean locked) {}
