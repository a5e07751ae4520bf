// Preloaded into a store, it notes how much of each file was on disk: what fdatasync or fsync had covered when it
// returned. A power cut may take everything behind that. Notes: one file a synced file in $SYNCED, named by inode.
// While $SYNCED/slow_ms is there, each takes as many milliseconds longer as that says: a slow disk.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int note(int fd, const char *name) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  struct stat before;
  int known = fstat(fd, &before) == 0 && S_ISREG(before.st_mode);
  char path[4096];
  snprintf(path, sizeof path, "%s/slow_ms", getenv("SYNCED") ? getenv("SYNCED") : "");
  FILE *slow = fopen(path, "r");
  int slow_ms = 0;
  if (slow) {
    if (fscanf(slow, "%d", &slow_ms) == 1) usleep(slow_ms * 1000);
    fclose(slow);
  }
  int result = real(fd);
  if (result == 0 && known && getenv("SYNCED")) {
    snprintf(path, sizeof path, "%s/%llu", getenv("SYNCED"), (unsigned long long)before.st_ino);
    int out = open(path, O_WRONLY | O_CREAT, 0600);
    if (out >= 0) {
      unsigned long long size = before.st_size;
      if (pwrite(out, &size, sizeof size, 0) < 0) abort();
      close(out);
    }
  }
  return result;
}

int fdatasync(int fd) { return note(fd, "fdatasync"); }
int fsync(int fd) { return note(fd, "fsync"); }
