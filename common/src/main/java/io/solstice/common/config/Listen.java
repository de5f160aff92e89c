package io.solstice.common.config;

/**
 * Where a process listens.
 *
 * @param bindHost the address of the network interface
 * @param port 0 takes a free one
 * @param advertisedHost what other processes are told to connect to
 * @param messageLimitBytes the largest message that is accepted ({@code message_limit})
 */
public record Listen(String bindHost, int port, String advertisedHost, int messageLimitBytes) {}
