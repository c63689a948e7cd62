namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

internal readonly record struct Token(TokenKind Kind, string Text);
