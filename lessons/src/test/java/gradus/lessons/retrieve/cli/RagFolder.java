package gradus.lessons.retrieve.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files in a folder, and where their index is to be.
record RagFolder(Path texts, Path index) {
    static RagFolder in(Path temporary) throws IOException {
        return new RagFolder(Files.createDirectories(temporary.resolve("texts")), temporary.resolve("index"));
    }

    RagFolder with(String name, String text) throws IOException {
        Files.writeString(file(name), text);
        return this;
    }

    /// `picture.png`, which is no text.
    RagFolder withPicture() throws IOException {
        Files.write(file("picture.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0});
        return this;
    }

    Path file(String name) {
        return texts.resolve(name);
    }
}
