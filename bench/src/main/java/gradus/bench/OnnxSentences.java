package gradus.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import gradus.tokenizer.Encoding;
import gradus.tokenizer.TokenizerPipeline;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Sentence embeddings by ONNX Runtime, as its users make them: in padded batches, in the order given.
final class OnnxSentences implements AutoCloseable {
    private static final int BATCH = 32;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final TokenizerPipeline tokenizer;

    OnnxSentences(Path model, TokenizerPipeline tokenizer, int threads) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        this.session = environment.createSession(model.toString(), options);
        this.tokenizer = tokenizer;
    }

    float[][] embed(List<String> texts) {
        float[][] vectors = new float[texts.size()][];
        for (int from = 0; from < vectors.length; from += BATCH) {
            List<Encoding> batch = new ArrayList<>();
            for (String text : texts.subList(from, Math.min(vectors.length, from + BATCH))) {
                batch.add(tokenizer.encodeForModel(text));
            }
            try {
                embed(batch, vectors, from);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
        return vectors;
    }

    private void embed(List<Encoding> batch, float[][] vectors, int first) throws OrtException {
        int time = batch.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
        long[] ids = new long[batch.size() * time];
        long[] types = new long[ids.length];
        long[] valid = new long[ids.length];
        for (int i = 0; i < batch.size(); i++) {
            Encoding text = batch.get(i);
            for (int t = 0; t < text.ids().length; t++) {
                ids[i * time + t] = text.ids()[t];
                types[i * time + t] = text.typeIds()[t];
                valid[i * time + t] = 1;
            }
        }
        long[] shape = {batch.size(), time};
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor typeTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(types), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(valid), shape);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", idTensor, "token_type_ids", typeTensor, "attention_mask", mask))) {
            OnnxTensor states = (OnnxTensor) result.get(0);
            FloatBuffer all = states.getFloatBuffer();
            int dim = (int) states.getInfo().getShape()[2];
            for (int i = 0; i < batch.size(); i++) {
                vectors[first + i] = mean(all, i * time * dim, batch.get(i).ids().length, dim);
            }
        }
    }

    /// The mean over a text's states, scaled to length 1.
    private static float[] mean(FloatBuffer states, int at, int time, int dim) {
        float[] sum = new float[dim];
        for (int t = 0; t < time; t++) {
            for (int c = 0; c < dim; c++) {
                sum[c] += states.get(at + t * dim + c);
            }
        }
        double square = 0;
        for (float each : sum) {
            square += each * each;
        }
        float scale = (float) (1 / Math.sqrt(square));
        for (int c = 0; c < dim; c++) {
            sum[c] *= scale;
        }
        return sum;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
