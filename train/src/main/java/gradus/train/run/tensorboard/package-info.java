/// Event files, which TensorBoard draws curves from.
package gradus.train.run.tensorboard;
