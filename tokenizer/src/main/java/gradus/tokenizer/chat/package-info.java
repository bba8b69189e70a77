/// Conversations as a model reads them: messages → text, by the model's own Jinja template
/// ([gradus.tokenizer.chat.ChatTemplate]), and text → ids with a mask of what is learned
/// ([gradus.tokenizer.chat.ChatTokens]).
package gradus.tokenizer.chat;
