package gradus.tensor.io;

import static gradus.error.ShapeException.given;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/// Tensors in NumPy's `.npy` files: what `numpy.save` writes is read, and what is written `numpy.load` reads.
/// The format is a magic number, a version, the length of a header, the header ([NpyHeader]) and the
/// elements, no more. [Npz] has several tensors in one file.
///
/// float16, float32 and bool become float32 tensors; float64 and integers become float64 tensors. Integers
/// are also read as [Indices]. Nothing else is read, pickled objects least of all.
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /// NumPy itself reads no longer header, unless told so.
    private static final int LONGEST_HEADER = 10_000;

    private static final int CHUNK = 1 << 16;

    private Npy() {}

    /// The tensor in a file.
    ///
    /// @throws DataException if the file cannot be read, or is not such a file, naming it
    public static Tensor read(Path file) {
        given(file, "npy", "a file");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
            return tensor(in, Files.size(file), file.toString());
        } catch (IOException failure) {
            throw unreadable(file.toString(), failure);
        }
    }

    /// The whole numbers in a file: token ids, labels.
    ///
    /// @throws DataException if the file cannot be read, holds no integers, or one outside the range of int
    public static Indices readIndices(Path file) {
        given(file, "npy", "a file");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
            String name = file.toString();
            NpyHeader header = header(in, Files.size(file), name);
            if (header.type().charAt(0) == 'f') {
                throw NpyHeader.wrong(name, "whole numbers are wanted; the elements are %s", header.type());
            }
            Shape shape = header.shape(name);
            double[] values = doubles(in, header, shape.size(), name);
            int[] whole = new int[values.length];
            for (int i = 0; i < whole.length; i++) {
                double value = values[place(header, shape, i)];
                whole[i] = (int) value;
                if (whole[i] != value) {
                    throw NpyHeader.wrong(name, "element %d, %.0f, is outside the range of int", i, value);
                }
            }
            return Indices.of(shape, whole);
        } catch (IOException failure) {
            throw unreadable(file.toString(), failure);
        }
    }

    /// Writes a tensor, replacing the file if there is one, as soon as all of it is written.
    ///
    /// @throws DataException if the file cannot be written, naming it
    public static void write(Path file, Tensor tensor) {
        given(file, "npy", "a file");
        given(tensor, "npy", "a tensor");
        replace(file, out -> write(out, tensor));
    }

    /// What fills a new file.
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Writes beside the file and then takes its place, so that a failure leaves what was there.
    static void replace(Path file, Content content) {
        Path whole = file.toAbsolutePath();
        Path partial = whole.resolveSibling(whole.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial), CHUNK)) {
                content.writeTo(out);
            }
            Files.move(partial, whole, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            delete(partial, failure);
            throw new DataException(file + " cannot be written: " + FileReason.of(failure), failure);
        } catch (RuntimeException failure) {
            delete(partial, failure);
            throw failure;
        }
    }

    private static void delete(Path partial, Exception failure) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    static DataException unreadable(String file, IOException failure) {
        return new DataException(file + " cannot be read: " + FileReason.of(failure), failure);
    }

    /// @param length the number of bytes that follow, all of which must be the tensor's
    static Tensor tensor(InputStream in, long length, String file) throws IOException {
        NpyHeader header = header(in, length, file);
        Shape shape = header.shape(file);
        boolean narrow = header.type().equals("f4")
                || header.type().equals("f2")
                || header.type().equals("b1");
        if (narrow) {
            float[] stored = floats(in, header, shape.size(), file);
            float[] values = new float[stored.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = stored[place(header, shape, i)];
            }
            return Tensor.of(values, shape.dims());
        }
        double[] stored = doubles(in, header, shape.size(), file);
        double[] values = new double[stored.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = stored[place(header, shape, i)];
        }
        return Tensor.of(values, shape.dims());
    }

    /// Where the file has what stands at a row-major position.
    private static int place(NpyHeader header, Shape shape, int position) {
        if (!header.fortranOrder()) {
            return position;
        }
        int place = 0;
        for (int axis = shape.rank() - 1, step = shape.size(); axis >= 0; axis--) {
            int dim = shape.dim(axis);
            step /= dim; // the last axis runs slowest
            place += position % dim * step;
            position /= dim;
        }
        return place;
    }

    /// Reads up to the first element and checks that the elements fill what is left.
    private static NpyHeader header(InputStream in, long length, String file) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(Arrays.copyOf(start, 6), MAGIC)) {
            throw NpyHeader.wrong(file, "is no .npy file: it does not begin with \\x93NUMPY and a version");
        }
        int version = start[6];
        if (version < 1 || version > 3 || start[7] != 0) {
            throw NpyHeader.wrong(file, "versions 1.0 to 3.0 are read; got %d.%d", version & 0xFF, start[7] & 0xFF);
        }
        int lengthBytes = version == 1 ? 2 : 4;
        byte[] size = in.readNBytes(lengthBytes);
        long headerLength = 0;
        for (int i = size.length - 1; i >= 0; i--) {
            headerLength = headerLength << 8 | size[i] & 0xFF;
        }
        long begin = 8 + lengthBytes + headerLength;
        if (size.length < lengthBytes || begin > length || headerLength > LONGEST_HEADER) {
            throw NpyHeader.wrong(
                    file,
                    "the header of %d bytes does not fit the file's %d, or %d",
                    headerLength,
                    length,
                    LONGEST_HEADER);
        }
        String text = new String(
                in.readNBytes((int) headerLength), version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        NpyHeader header = NpyHeader.parse(text, file);
        long expected = (long) header.shape(file).size() * header.bytes();
        if (length - begin != expected) {
            throw NpyHeader.wrong(
                    file,
                    "shape %s of %s needs %d bytes from offset %d on; there are %d",
                    header.shape(file),
                    header.type(),
                    expected,
                    begin,
                    length - begin);
        }
        return header;
    }

    /// Takes elements from a chunk of the file, numbered from `at`.
    @FunctionalInterface
    private interface Taker {
        void take(ByteBuffer chunk, int at);
    }

    private static void chunks(InputStream in, NpyHeader header, int count, String file, Taker taker)
            throws IOException {
        int perChunk = CHUNK / header.bytes();
        for (int at = 0; at < count; at += perChunk) {
            int bytes = Math.min(perChunk, count - at) * header.bytes();
            byte[] chunk = in.readNBytes(bytes);
            if (chunk.length < bytes) {
                throw NpyHeader.wrong(file, "ends within element %d of %d", at + chunk.length / header.bytes(), count);
            }
            taker.take(ByteBuffer.wrap(chunk).order(header.order()), at);
        }
    }

    private static float[] floats(InputStream in, NpyHeader header, int count, String file) throws IOException {
        float[] values = new float[count];
        chunks(in, header, count, file, (chunk, at) -> {
            for (int i = at; chunk.hasRemaining(); i++) {
                values[i] = switch (header.type()) {
                    case "f4" -> chunk.getFloat();
                    case "f2" -> Float.float16ToFloat(chunk.getShort());
                    default -> truth(chunk.get(), i, file);
                };
            }
        });
        return values;
    }

    private static int truth(byte value, int at, String file) {
        if (value != 0 && value != 1) {
            throw NpyHeader.wrong(file, "element %d is a bool and must be 0 or 1; got %d", at, value & 0xFF);
        }
        return value;
    }

    private static double[] doubles(InputStream in, NpyHeader header, int count, String file) throws IOException {
        double[] values = new double[count];
        chunks(in, header, count, file, (chunk, at) -> {
            for (int i = at; chunk.hasRemaining(); i++) {
                values[i] = switch (header.type()) {
                    case "f8" -> chunk.getDouble();
                    case "i8" -> exact(chunk.getLong(), i, file);
                    case "i4" -> chunk.getInt();
                    case "u4" -> Integer.toUnsignedLong(chunk.getInt());
                    case "i2" -> chunk.getShort();
                    case "u2" -> Short.toUnsignedInt(chunk.getShort());
                    case "i1" -> chunk.get();
                    case "u1" -> Byte.toUnsignedInt(chunk.get());
                    default -> truth(chunk.get(), i, file);
                };
            }
        });
        return values;
    }

    private static double exact(long value, int at, String file) {
        if ((long) (double) value != value || value == Long.MAX_VALUE) {
            throw NpyHeader.wrong(file, "element %d, %d, is no number that float64 holds", at, value);
        }
        return value;
    }

    /// Version 1.0, little-endian, row-major, the elements beginning at a multiple of 64 bytes.
    static void write(OutputStream out, Tensor tensor) throws IOException {
        String shape = tensor.shape().toString(); // as Python writes a tuple
        String text = "{'descr': '" + (tensor.dtype() == DType.FLOAT32 ? "<f4" : "<f8")
                + "', 'fortran_order': False, 'shape': " + shape + ", }";
        int padded = (10 + text.length() + 1 + 63) / 64 * 64 - 10;
        if (padded > LONGEST_HEADER) {
            throw new IOException("a header of " + padded + " bytes is longer than NumPy reads");
        }
        ByteBuffer start = ByteBuffer.allocate(10 + padded).order(ByteOrder.LITTLE_ENDIAN);
        start.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) padded);
        start.put(text.getBytes(StandardCharsets.US_ASCII));
        while (start.remaining() > 1) {
            start.put((byte) ' ');
        }
        start.put((byte) '\n');
        out.write(start.array());
        if (tensor.dtype() == DType.FLOAT32) {
            float[] values = tensor.toFloatArray();
            elements(out, values.length, 4, (chunk, i) -> chunk.putFloat(values[i]));
        } else {
            double[] values = tensor.toArray();
            elements(out, values.length, 8, (chunk, i) -> chunk.putDouble(values[i]));
        }
    }

    private static void elements(OutputStream out, int count, int bytes, Taker put) throws IOException {
        int perChunk = CHUNK / bytes;
        ByteBuffer chunk = ByteBuffer.allocate(perChunk * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < count; at += perChunk) {
            chunk.clear();
            for (int i = at; i < Math.min(count, at + perChunk); i++) {
                put.take(chunk, i);
            }
            out.write(chunk.array(), 0, chunk.position());
        }
    }
}
