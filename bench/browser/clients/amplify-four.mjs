import { confirmSignIn, fetchAuthSession, signOut } from "aws-amplify/auth";

export { signIn } from "./amplify.mjs";
export { signOut };

export async function answer(challengeResponse) {
  await confirmSignIn({ challengeResponse });
  const { tokens } = await fetchAuthSession();
  return String(tokens.accessToken);
}
