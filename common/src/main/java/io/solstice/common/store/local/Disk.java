package io.solstice.common.store.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The steps that make a file lasting and visible, apart so that tests can watch their order and let them fail. */
interface Disk {
    /** A new file to write to, which must not exist. */
    FileChannel create(Path file) throws IOException;

    /** Returns when the file's bytes are on the disk. After a failure nobody knows what is; it must not be repeated. */
    void sync(FileChannel file) throws IOException;

    /** Returns when the directory's names are on the disk. */
    void syncDirectory(Path directory) throws IOException;

    /** Gives a file a second name, unless that name is taken, also by another process. */
    void link(Path name, Path file) throws IOException;

    Disk REAL = new Disk() {
        @Override
        public FileChannel create(Path file) throws IOException {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void sync(FileChannel file) throws IOException {
            file.force(true);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            try (FileChannel self = FileChannel.open(directory, StandardOpenOption.READ)) {
                self.force(true);
            }
        }

        @Override
        public void link(Path name, Path file) throws IOException {
            Files.createLink(name, file);
        }
    };
}
