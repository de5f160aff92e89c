package io.solstice.common.rpc;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that move bytes, shared by the server and the clients of a process. Whoever opens it closes it, after
 * everything that uses it.
 *
 * @param acceptors the kind of listening socket that the threads can serve
 * @param connections the kind of connected socket that the threads can serve
 */
public record Transport(
        EventLoopGroup threads, Class<? extends ServerChannel> acceptors, Class<? extends Channel> connections)
        implements AutoCloseable {
    private static final long LINGER_MILLIS = 1000;

    /** Plain Java sockets, which need no native library. */
    public static Transport open(int threads) {
        return new Transport(
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("rpc-io", true), NioIoHandler.newFactory()),
                NioServerSocketChannel.class,
                NioSocketChannel.class);
    }

    /** The operating system's own way where its library is there, else plain Java sockets. */
    public static Transport fastest(int threads) {
        try {
            return EpollSockets.isAvailable() ? EpollSockets.open(threads) : open(threads);
        } catch (NoClassDefFoundError notOnTheClassPath) {
            return open(threads);
        }
    }

    /** Apart, so that a process without the library never loads its classes. */
    private static final class EpollSockets {
        static boolean isAvailable() {
            return Epoll.isAvailable();
        }

        static Transport open(int threads) {
            return new Transport(
                    new MultiThreadIoEventLoopGroup(
                            threads, new DefaultThreadFactory("rpc-io", true), EpollIoHandler.newFactory()),
                    EpollServerSocketChannel.class,
                    EpollSocketChannel.class);
        }
    }

    @Override
    public void close() {
        threads.shutdownGracefully(0, LINGER_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(LINGER_MILLIS);
    }
}
