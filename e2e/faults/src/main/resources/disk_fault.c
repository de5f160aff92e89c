/*
 * A disk that fails on command, for processes that load this before the C library: writing, syncing and creating files
 * below one folder is slowed down or refused. What is to be done stands in a small file that all of them map, and each
 * call that was hit is counted there, so that whoever gives the command sees it bite.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { HEALTHY, FULL, FAILING, UNSYNCED, SLOW };

struct control {
    int mode;
    int millis;
    long bites;
    char folder[1024];
};

static volatile struct control *control;

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("SOLSTICE_FAULT_DISK");
    int fd = file == NULL ? -1 : open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map != MAP_FAILED) {
        control = map;
    }
}

static int mode(void) {
    return control == NULL ? HEALTHY : control->mode;
}

static int below(const char *path) {
    size_t length = strlen((const char *) control->folder);
    return length > 0 && strncmp(path, (const char *) control->folder, length) == 0;
}

static int concerns(int fd) {
    char link[64];
    char path[4096];
    int error = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = error;
    if (length < 0) {
        return 0;
    }
    path[length] = 0;
    return below(path);
}

static long bite(void) {
    return __atomic_fetch_add(&((struct control *) control)->bites, 1, __ATOMIC_RELAXED);
}

static void dawdle(void) {
    struct timespec time = {control->millis / 1000, (control->millis % 1000) * 1000000L};
    bite();
    nanosleep(&time, NULL);
}

static int refuse(int error) {
    bite();
    errno = error;
    return -1;
}

/* What becomes of a write: 0 it goes on, 1 half of it does, -1 it is refused. */
static int writing(int fd) {
    int now = mode();
    if (now == HEALTHY || now == UNSYNCED || !concerns(fd)) {
        return 0;
    }
    if (now == SLOW) {
        dawdle();
        return 0;
    }
    if (now == FULL && control->bites % 2 == 0) {
        bite();
        return 1;
    }
    return refuse(now == FULL ? ENOSPC : EIO);
}

static int syncing(int fd) {
    int now = mode();
    if (now == HEALTHY || now == FULL || !concerns(fd)) {
        return 0;
    }
    if (now == SLOW) {
        dawdle();
        return 0;
    }
    return refuse(EIO);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (real == NULL) { \
        real = (__typeof__(name) *) dlsym(RTLD_NEXT, #name); \
    }

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(write)
    int what = writing(fd);
    return what < 0 ? -1 : real(fd, bytes, what > 0 && count > 1 ? count / 2 : count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    REAL(pwrite)
    int what = writing(fd);
    return what < 0 ? -1 : real(fd, bytes, what > 0 && count > 1 ? count / 2 : count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    REAL(pwrite64)
    int what = writing(fd);
    return what < 0 ? -1 : real(fd, bytes, what > 0 && count > 1 ? count / 2 : count, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev)
    int what = writing(fd);
    return what < 0 ? -1 : real(fd, parts, what > 0 && count > 1 ? count / 2 : count);
}

int fsync(int fd) {
    REAL(fsync)
    return syncing(fd) < 0 ? -1 : real(fd);
}

int fdatasync(int fd) {
    REAL(fdatasync)
    return syncing(fd) < 0 ? -1 : real(fd);
}
