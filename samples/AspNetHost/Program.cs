// Placeholder: the sample follows.
var app = WebApplication.CreateBuilder(args).Build();
await app.RunAsync();
