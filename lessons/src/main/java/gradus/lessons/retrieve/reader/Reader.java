package gradus.lessons.retrieve.reader;

import java.nio.file.Files;
import java.nio.file.Path;

/// WIP
public final class Reader {
    static final String NOTE = "reader.json";

    private Reader() {}

    public static boolean is(Path folder) {
        return Files.isRegularFile(folder.resolve(NOTE));
    }
}
