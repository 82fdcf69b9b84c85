// Checks the body in standard input by the headers in HEADERS, a JSON object, with the secret in SECRET.
const { Webhook } = require("standardwebhooks");
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  const event = new Webhook(process.env.SECRET).verify(
    Buffer.concat(chunks), JSON.parse(process.env.HEADERS));
  console.log(event.type);
});
