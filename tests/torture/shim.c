/* Stands between the service (and its children) and the C library: counts what is done to the files below one folder,
 * and at a chosen count kills, fails or writes down.  Preloaded; see tests/torture/README.md.
 *
 * The plan lies in a file that all processes map, so that children count with their parent:
 *   count    calls so far            nth     the call at which something happens (0: never)
 *   action   1 kill, 2 fail once, 3 fail from then on          error   errno of a failure
 *   kinds    bits of the kinds that are counted                main    whom to kill as well
 *   record   1: write every call to KEBU_SHIM_LOG              lock    of that file
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LOOK, CREATE, WRITE, SYNC, RENAME, LINK, UNLINK, MKDIR, RMDIR, TRUNCATE, CHMOD, READ };

struct plan {
    int64_t count, nth, main;
    int32_t action, error, kinds, record, lock, happened, kind;
};
struct head {
    int32_t kind, pid;
    int64_t number, offset;
    uint32_t first, second, data, flags;
};

#define FDS 4096
static struct plan *plan;
static int ledger_of_calls = -1;
static char home[PATH_MAX];
static size_t home_length;
static char *paths[FDS]; /* of what this process has open below home */
static char appends[FDS];
static __thread int64_t counted; /* the number of the call that is going on; 0: it is not counted */

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static int real_open(const char *path, int flags, mode_t mode) {
    REAL(int, open64, const char *, int, ...);
    return real(path, flags, mode);
}

static ssize_t real_write(int fd, const void *data, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    return real(fd, data, size);
}

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("KEBU_SHIM"), *below = getenv("KEBU_SHIM_HOME"), *log = getenv("KEBU_SHIM_LOG");
    if (!where || !below || plan) return;
    int fd = real_open(where, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) return;
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (at == MAP_FAILED) return;
    snprintf(home, sizeof home, "%s/", below);
    home_length = strlen(home);
    if (log) {
        int opened = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        ledger_of_calls = fcntl(opened, F_DUPFD_CLOEXEC, 900);
        close(opened);
    }
    plan = at;
}

static int ours(const char *path) { return plan && home_length && !strncmp(path, home, home_length); }

/* The whole path of *path* below the folder *fd*, into *out*. */
static const char *whole(int fd, const char *path, char *out) {
    if (!plan || !path) return "";
    if (path[0] == '/') return path;
    char link[64];
    ssize_t length;
    if (fd == AT_FDCWD) {
        if (!getcwd(out, PATH_MAX)) return "";
        length = (ssize_t)strlen(out);
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, out, PATH_MAX - 1);
        if (length < 0) return "";
    }
    snprintf(out + length, (size_t)(PATH_MAX - length), "/%s", path);
    return out;
}

static const char *of(int fd) { return plan && fd >= 0 && fd < FDS && paths[fd] ? paths[fd] : ""; }

static void keep(int fd, const char *path, int flags) {
    if (fd < 0 || fd >= FDS) return;
    free(paths[fd]);
    paths[fd] = ours(path) ? strdup(path) : NULL;
    appends[fd] = (flags & O_APPEND) != 0;
}

static int may_fail(int kind) { /* whether a system gives this error for such a call */
    switch (plan->error) {
    case ENOSPC: return kind == CREATE || kind == WRITE || kind == SYNC || kind == RENAME || kind == LINK || kind == MKDIR || kind == TRUNCATE;
    case EACCES: return kind == LOOK || kind == CREATE || kind == RENAME || kind == LINK || kind == UNLINK || kind == MKDIR || kind == RMDIR || kind == CHMOD;
    case EBUSY: return kind == LOOK || kind == CREATE || kind == RENAME || kind == LINK || kind == UNLINK || kind == RMDIR;
    case EINVAL: return kind == SYNC; /* of a folder: see SYNCS */
    default: return 1; /* EIO, ESTALE: anything */
    }
}

/* Whether a write only goes on with what the call before wrote: of such a series the first counts, and every 64th. */
static int goes_on(int kind, int fd) {
    static int before = -1, length;
    if (kind != WRITE && kind != READ) {
        before = -1;
        return 0;
    }
    length = fd * 16 + kind == before ? length + 1 : 0;
    before = fd * 16 + kind;
    return length % 64;
}

/* Count a call; 1 if it has to fail (errno is set).  *fd* and *data* are of a write, which a kill leaves half done. */
static int step(int kind, const char *path, int fd, const void *data, size_t size, int64_t offset) {
    counted = 0;
    if (!ours(path) || !(plan->kinds >> kind & 1) || strstr(path, ".lock") || strstr(path, "/log-")) return 0;
    if (plan->action >= 2 && !may_fail(kind)) return 0;
    if (goes_on(kind, fd) && !(plan->action == 3 && plan->happened)) return 0;
    int64_t number = __atomic_add_fetch(&plan->count, 1, __ATOMIC_SEQ_CST);
    counted = number;
    int now = plan->nth && (plan->action == 3 ? number >= plan->nth : number == plan->nth);
    if (!now) return 0;
    if (!plan->happened) plan->kind = kind;
    plan->happened++;
    if (plan->action == 1) {
        if (data && size > 1) {
            if (offset >= 0) {
                REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
                (void)!real(fd, data, size / 2, offset);
            } else
                (void)!real_write(fd, data, size / 2);
        }
        if (plan->main) kill((pid_t)plan->main, SIGKILL);
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = plan->error;
    return 1;
}

static int recording(const char *path) { return ours(path) && plan->record && ledger_of_calls >= 0; }

static void note(int kind, const char *first, const char *second, int64_t offset, const void *data, size_t size, int flags) {
    int saved = errno;
    struct head head = {kind, getpid(), counted, offset, (uint32_t)strlen(first), (uint32_t)strlen(second), (uint32_t)size, (uint32_t)flags};
    while (__atomic_exchange_n(&plan->lock, 1, __ATOMIC_ACQUIRE)) usleep(50);
    struct iovec parts[] = {{&head, sizeof head}, {(void *)first, head.first}, {(void *)second, head.second}, {(void *)data, size}};
    REAL(ssize_t, writev, int, const struct iovec *, int);
    (void)!real(ledger_of_calls, parts, 4);
    __atomic_store_n(&plan->lock, 0, __ATOMIC_RELEASE);
    errno = saved;
}

/* -- opening and closing */

static int opened(int folder, const char *path, int flags, mode_t mode) {
    char room[PATH_MAX];
    const char *name = whole(folder, path, room);
    int writes = (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC), fresh = 0;
    if (ours(name)) {
        if (step(writes ? CREATE : LOOK, name, -1, NULL, 0, -1)) return -1;
        fresh = flags & O_CREAT && faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW);
    }
    REAL(int, openat64, int, const char *, int, ...);
    int fd = real(folder, path, flags, mode);
    if (fd >= 0 && plan) {
        keep(fd, name, flags);
        if (recording(name) && (fresh || flags & O_TRUNC)) note(CREATE, name, "", fresh, NULL, 0, (int)mode);
    }
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int fd, const char *path, int flags, ...) { MODE(flags) return opened(fd, path, flags, mode); }
int openat64(int fd, const char *path, int flags, ...) { MODE(flags) return opened(fd, path, flags, mode); }

int close(int fd) {
    REAL(int, close, int);
    if (fd >= 0 && fd == ledger_of_calls) return 0;
    if (plan && fd >= 0 && fd < FDS && paths[fd]) { free(paths[fd]); paths[fd] = NULL; }
    return real(fd);
}

/* -- content */

static int64_t place(int fd) {
    if (!appends[fd]) return lseek64(fd, 0, SEEK_CUR);
    struct stat64 found;
    return fstat64(fd, &found) ? -1 : found.st_size;
}

ssize_t write(int fd, const void *data, size_t size) {
    const char *path = of(fd);
    if (!*path) return real_write(fd, data, size);
    if (step(WRITE, path, fd, data, size, -1)) return -1;
    int64_t offset = recording(path) ? place(fd) : 0;
    ssize_t done = real_write(fd, data, size);
    if (done > 0 && recording(path)) note(WRITE, path, "", offset, data, (size_t)done, 0);
    return done;
}

static ssize_t put(int fd, const void *data, size_t size, off64_t offset) {
    const char *path = of(fd);
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (*path && step(WRITE, path, fd, data, size, offset)) return -1;
    ssize_t done = real(fd, data, size, offset);
    if (done > 0 && recording(path)) note(WRITE, path, "", offset, data, (size_t)done, 0);
    return done;
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return put(fd, data, size, offset); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return put(fd, data, size, offset); }

/* What is copied inside the kernel has to come by here. */
ssize_t sendfile(int out, int in, off_t *offset, size_t size) {
    REAL(ssize_t, sendfile, int, int, off_t *, size_t);
    if (!*of(out)) return real(out, in, offset, size);
    errno = EINVAL;
    return -1;
}
ssize_t sendfile64(int out, int in, off64_t *offset, size_t size) { return sendfile(out, in, (off_t *)offset, size); }
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t size, unsigned flags) {
    REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned);
    if (!*of(out)) return real(in, from, out, to, size, flags);
    errno = EXDEV;
    return -1;
}

ssize_t read(int fd, void *data, size_t size) {
    REAL(ssize_t, read, int, void *, size_t);
    const char *path = of(fd);
    if (*path && step(READ, path, fd, NULL, 0, -1)) return -1;
    return real(fd, data, size);
}
static ssize_t get(int fd, void *data, size_t size, off64_t offset) {
    REAL(ssize_t, pread64, int, void *, size_t, off64_t);
    const char *path = of(fd);
    if (*path && step(READ, path, fd, NULL, 0, -1)) return -1;
    return real(fd, data, size, offset);
}
ssize_t pread(int fd, void *data, size_t size, off_t offset) { return get(fd, data, size, offset); }
ssize_t pread64(int fd, void *data, size_t size, off64_t offset) { return get(fd, data, size, offset); }

static int cut(int fd, off64_t length) {
    REAL(int, ftruncate64, int, off64_t);
    const char *path = of(fd);
    if (*path && step(TRUNCATE, path, -1, NULL, 0, -1)) return -1;
    int done = real(fd, length);
    if (!done && recording(path)) note(TRUNCATE, path, "", length, NULL, 0, 0);
    return done;
}
int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int is_folder(int fd) {
    struct stat64 found;
    return !fstat64(fd, &found) && S_ISDIR(found.st_mode);
}

/* There are file systems that sync files and refuse (EINVAL) to sync folders. */
#define SYNCS(name) \
    int name(int fd) { \
        REAL(int, name, int); \
        const char *path = of(fd); \
        if (*path && (plan->error != EINVAL || is_folder(fd)) && step(SYNC, path, -1, NULL, 0, -1)) return -1; \
        int done = real(fd); \
        if (!done && recording(path)) note(SYNC, path, "", 0, NULL, 0, 0); \
        return done; \
    }
SYNCS(fsync)
SYNCS(fdatasync)

/* -- names */

static int moved(int from, const char *old, int to, const char *new) {
    REAL(int, renameat, int, const char *, int, const char *);
    char one[PATH_MAX], two[PATH_MAX];
    const char *first = whole(from, old, one), *second = whole(to, new, two);
    if (ours(second) && step(RENAME, second, -1, NULL, 0, -1)) return -1;
    int done = real(from, old, to, new);
    if (!done && recording(second)) note(RENAME, first, second, 0, NULL, 0, 0);
    return done;
}
int rename(const char *old, const char *new) { return moved(AT_FDCWD, old, AT_FDCWD, new); }
int renameat(int from, const char *old, int to, const char *new) { return moved(from, old, to, new); }

static int linked(int from, const char *old, int to, const char *new, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    char one[PATH_MAX], two[PATH_MAX];
    const char *first = whole(from, old, one), *second = whole(to, new, two);
    if (ours(second) && step(LINK, second, -1, NULL, 0, -1)) return -1;
    int done = real(from, old, to, new, flags);
    if (!done && recording(second)) note(LINK, first, second, 0, NULL, 0, 0);
    return done;
}
int link(const char *old, const char *new) { return linked(AT_FDCWD, old, AT_FDCWD, new, 0); }
int linkat(int from, const char *old, int to, const char *new, int flags) { return linked(from, old, to, new, flags); }

static int gone(int folder, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    char room[PATH_MAX];
    const char *name = whole(folder, path, room);
    int kind = flags & AT_REMOVEDIR ? RMDIR : UNLINK;
    if (ours(name) && step(kind, name, -1, NULL, 0, -1)) return -1;
    int done = real(folder, path, flags);
    if (!done && recording(name)) note(kind, name, "", 0, NULL, 0, 0);
    return done;
}
int unlink(const char *path) { return gone(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return gone(folder, path, flags); }
int rmdir(const char *path) { return gone(AT_FDCWD, path, AT_REMOVEDIR); }

static int made(int folder, const char *path, mode_t mode) {
    REAL(int, mkdirat, int, const char *, mode_t);
    char room[PATH_MAX];
    const char *name = whole(folder, path, room);
    if (ours(name) && step(MKDIR, name, -1, NULL, 0, -1)) return -1;
    int done = real(folder, path, mode);
    if (!done && recording(name)) note(MKDIR, name, "", 0, NULL, 0, (int)mode);
    return done;
}
int mkdir(const char *path, mode_t mode) { return made(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return made(folder, path, mode); }

int chmod(const char *path, mode_t mode) {
    REAL(int, chmod, const char *, mode_t);
    char room[PATH_MAX];
    const char *name = whole(AT_FDCWD, path, room);
    if (ours(name) && step(CHMOD, name, -1, NULL, 0, -1)) return -1;
    return real(path, mode);
}
