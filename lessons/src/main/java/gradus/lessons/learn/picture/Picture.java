package gradus.lessons.learn.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a lesson's program puts its pictures: `pictures/NAME.png` in the working folder, or the folder that the
/// system property `gradus.pictures` names. A lesson's page shows them as `![what it shows](NAME.png)`.
final class Picture {
    private Picture() {}

    /// @throws IllegalStateException if it cannot be written
    static void save(String name, byte[] png) {
        Path folder = Path.of(System.getProperty("gradus.pictures", "pictures"));
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve(name + ".png"), png);
        } catch (IOException e) {
            throw new IllegalStateException("the picture " + name + " cannot be written to " + folder, e);
        }
    }
}
