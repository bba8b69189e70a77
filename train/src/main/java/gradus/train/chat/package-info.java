/// Conversations with a model.
package gradus.train.chat;
