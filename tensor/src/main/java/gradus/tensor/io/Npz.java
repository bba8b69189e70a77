package gradus.tensor.io;

import static gradus.error.ShapeException.given;

import gradus.error.DataException;
import gradus.error.Printable;
import gradus.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Named tensors in one file, as `numpy.savez` and `savez_compressed` write and `numpy.load` reads them: a
/// zip archive with an [Npy] file for each name.
public final class Npz {
    private static final String SUFFIX = ".npy";

    private Npz() {}

    /// All tensors of a file by name, in the order of the file.
    ///
    /// @throws DataException if the file cannot be read or is damaged, or a part of it is no `.npy` file,
    ///     naming both
    public static Map<String, Tensor> read(Path file) {
        given(file, "npz", "a file");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                String part = file + ", " + Printable.value(entry.getName());
                if (!entry.getName().endsWith(SUFFIX)) {
                    throw new DataException(part + ": every part must be a .npy file");
                }
                String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
                if (tensors.put(name, read(zip, entry, part)) != null) {
                    throw new DataException(part + ": the name is there twice");
                }
            }
            return tensors;
        } catch (ZipException damaged) {
            throw new DataException(file + ": is no zip archive, or damaged: " + damaged.getMessage(), damaged);
        } catch (IOException failure) {
            throw Npy.unreadable(file.toString(), failure);
        }
    }

    private static Tensor read(ZipFile zip, ZipEntry entry, String part) throws IOException {
        CRC32 sum = new CRC32();
        try (InputStream in = new CheckedInputStream(new BufferedInputStream(zip.getInputStream(entry)), sum)) {
            Tensor tensor = Npy.tensor(in, entry.getSize(), part);
            if (in.read() >= 0 || sum.getValue() != entry.getCrc()) {
                throw new DataException(part + ": is damaged, its checksum is another one");
            }
            return tensor;
        } catch (ZipException damaged) {
            throw new DataException(part + ": is damaged: " + damaged.getMessage(), damaged);
        }
    }

    /// Writes tensors by name, in the order of the map, replacing the file if there is one, as soon as all of
    /// it is written. The same tensors give the same bytes.
    ///
    /// @throws DataException if the file cannot be written, naming it
    public static void write(Path file, Map<String, Tensor> tensors) {
        given(file, "npz", "a file");
        given(tensors, "npz", "tensors");
        tensors.forEach((name, tensor) -> {
            given(name, "npz", "every name");
            given(tensor, "npz", "every tensor");
        });
        Npy.replace(file, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                ZipEntry entry = new ZipEntry(tensor.getKey() + SUFFIX);
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0)); // no clock in the file
                zip.putNextEntry(entry);
                Npy.write(zip, tensor.getValue());
                zip.closeEntry();
            }
            zip.finish();
        });
    }
}
