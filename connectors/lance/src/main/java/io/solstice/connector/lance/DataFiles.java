package io.solstice.connector.lance;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;

/** Removes data files that no table version refers to. */
final class DataFiles {
    private DataFiles() {}

    static void delete(TableLocation location, List<FragmentMetadata> fragments) throws IOException {
        for (FragmentMetadata fragment : fragments) {
            for (DataFile file : fragment.getFiles()) {
                Files.deleteIfExists(location.data().resolve(file.getPath()));
            }
        }
        if (location.state() == TableLocation.State.FREE) {
            deleteIfEmpty(location.data());
            deleteIfEmpty(location.path());
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException | NoSuchFileException inUseOrGone) {
            // another task's files are still there, or it was the one to tidy up
        }
    }
}
