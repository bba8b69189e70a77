package gradus.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// Sentence embeddings by ONNX Runtime.
final class OnnxSentences implements PaddedBatches.Encoder, AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    OnnxSentences(Path model, int threads) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        this.session = environment.createSession(model.toString(), options);
    }

    @Override
    public float[][] embed(PaddedBatches.Batch batch) {
        long[] shape = {batch.texts(), batch.time()};
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, wide(batch.ids()), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, wide(batch.types()), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, wide(batch.valid()), shape);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "token_type_ids", types, "attention_mask", mask))) {
            OnnxTensor states = (OnnxTensor) result.get(0);
            int dim = (int) states.getInfo().getShape()[2];
            float[] all = new float[batch.positions() * dim];
            states.getFloatBuffer().get(all);
            return batch.means(all);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LongBuffer wide(int[] values) {
        return LongBuffer.wrap(Arrays.stream(values).asLongStream().toArray());
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
