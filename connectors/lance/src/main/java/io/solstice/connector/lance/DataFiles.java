package io.solstice.connector.lance;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.fragment.DataFile;

/** Removes data files that no table version refers to. */
final class DataFiles {
    private DataFiles() {}

    static Set<String> names(List<FragmentMetadata> fragments) {
        Set<String> names = new HashSet<>();
        for (FragmentMetadata fragment : fragments) {
            fragment.getFiles().forEach(file -> names.add(file.getPath()));
        }
        return names;
    }

    static boolean refersToAny(Dataset version, Set<String> names) {
        List<FragmentMetadata> fragments =
                version.getFragments().stream().map(Fragment::metadata).toList();
        return !Collections.disjoint(names(fragments), names);
    }

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
