package gradus.bench.fuzz;

import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.Set;

/// A reader and a sound folder for it.
///
/// @param name  of the kind of file
/// @param files what the folder holds, by their paths in it
/// @param texts those of them that are text
/// @param seldom whether it takes so long that its turn comes seldom
/// @param reader reads the folder, whatever has become of it
record Target(String name, SequencedMap<String, byte[]> files, Set<String> texts, boolean seldom, Reader reader) {

    /// What is tried on each damaged folder.
    @FunctionalInterface
    interface Reader {
        /// @throws Exception whatever it throws; one of Gradus's own kinds is right
        void read(Path folder) throws Exception;
    }
}
