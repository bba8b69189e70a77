package gradus.train.checkpoint;

import gradus.error.CorruptCheckpointException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a checkpoint folder must hold: the SHA-256 of each of its files, in `manifest.json`, which is written
/// last. A folder whose manifest verifies is whole, and is what was written, bit for bit.
public final class Manifest {
    static final String NAME = "manifest.json";
    private static final int CHUNK = 1 << 16;

    private Manifest() {}

    /// Writes the manifest of these files of a folder.
    public static void write(Path folder, Collection<String> files) {
        ObjectNode root = CheckpointJson.object();
        ObjectNode sums = root.putObject("sha256");
        files.stream().sorted().forEach(name -> sums.put(name, sum(folder.resolve(name))));
        CheckpointJson.write(folder.resolve(NAME), root);
    }

    /// Checks every file that the manifest lists; others beside them, such as leftover temporaries, do not
    /// matter.
    ///
    /// @param required files that it must list
    /// @throws gradus.error.DataException if there is no manifest
    /// @throws CorruptCheckpointException if it is damaged, lacks a required file, or a file differs from it
    public static void verify(Path folder, Collection<String> required) {
        Path manifest = folder.resolve(NAME);
        JsonNode sums = CheckpointJson.read(manifest).get("sha256");
        require(sums != null && sums.isObject(), "%s: sha256 must be an object", manifest);
        for (String name : required) {
            require(sums.has(name), "%s: lists no %s; the checkpoint is not whole", manifest, name);
        }
        sums.properties().forEach(listed -> {
            String name = listed.getKey();
            require(
                    !name.contains("/") && !name.contains("\\") && !name.contains(".."),
                    "%s: \"%s\" is no file of this folder",
                    manifest,
                    name);
            Path file = folder.resolve(name);
            require(Files.isRegularFile(file), "%s: lists %s, which is missing", manifest, name);
            require(
                    sum(file).equals(listed.getValue().asString("")),
                    "%s: its SHA-256 is not that of the manifest; it was changed or damaged",
                    file);
        });
    }

    private static String sum(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[CHUNK];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                digest.update(chunk, 0, length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be read: %s".formatted(file, FileReason.of(failure)), failure);
        }
    }

    private static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new CorruptCheckpointException(String.format(Locale.ROOT, message, arguments));
        }
    }
}
