/**
 * Registering, for whoever says that users may be written: of many who want one name, one gets it,
 * and nobody gets to see the password again.
 */
import type { Check, Learner } from '../inspection.ts';
import { registration, type Told } from '../registration.ts';
import type { Text } from '../settings.ts';

const RIVALS = 5;

export const registerChecks: readonly Check[] = [
  {
    id: 'registers',
    says: { en: 'A free name can be registered', zh: '可用的用户名能够注册' },
    why: {
      en: 'What follows needs a user to look at.',
      zh: '下面的检查需要一个真的用户。',
    },
    look: {
      en: 'Is there a button that sends the form with the box? What was answered?',
      zh: '有没有按钮会提交输入框所在的表单？服务器的响应是什么？',
    },
    after: ['different'],
    seen: async (learner) => (await registration(learner)).trouble,
  },
  {
    id: 'one wins',
    says: {
      en: `Of ${RIVALS} who register one name at once, one gets it, and the others are told`,
      zh: `${RIVALS} 人同时注册同一个用户名，只有一人成功，其余的人会得知`,
    },
    why: {
      en: 'Between “is it free?” and “write it” another can come. Then one name has two owners.',
      zh: '在“是否可用”与“写入”之间，别人可能先写入了。那样一个用户名就有了两个主人。',
    },
    look: {
      en:
        'Who decides: the program, which looked before, or the table itself? What becomes of ' +
        'the error that the table then gives?',
      zh: '由谁来裁决：先查过一遍的程序，还是表本身？表报出的错误，程序怎样处理？',
    },
    after: ['registers'],
    seen: race,
  },
  {
    id: 'password kept',
    says: {
      en: 'The password does not come back as it was typed, wherever that can be seen',
      zh: '在能看到的任何地方，都不会出现密码原文',
    },
    why: {
      en:
        'A table that shows passwords stores them as typed: whoever gets hold of it can log in ' +
        'as anybody, here and elsewhere.',
      zh: '能显示密码，说明表里存的就是原文：拿到这张表的人可以冒充任何人，在这里，也在别处。',
    },
    look: {
      en: 'What stands in the column upwd? What goes into the answer, and into the list of users?',
      zh: 'upwd 列里存的是什么？响应里和用户列表里放了什么？',
    },
    after: ['registers'],
    async seen(learner) {
      const { password, places } = await registration(learner);
      const place = places.find(({ text }) => text.includes(password));
      if (place === undefined) return undefined;
      return {
        en: `The password of the new user stands in ${place.path}.`,
        zh: `在 ${place.path} 里能看到新用户的密码原文。`,
      };
    },
  },
];

async function race(learner: Learner): Promise<Text | undefined> {
  const { name, again, won } = await registration(learner);
  const rival = learner.freeName();
  const answers = await Promise.all(Array.from({ length: RIVALS }, () => again(rival)));
  const wins = ({ status, text }: Told) =>
    status === won.status && pattern(text, rival) === pattern(won.text, name);
  const winners = answers.filter(wins).length;
  const failed = answers.find(({ status }) => status >= 500)?.status;
  if (winners === 1 && failed === undefined) return undefined;
  if (winners !== 1)
    return {
      en: `${winners} of ${RIVALS} were told that “${rival}” is theirs now.`,
      zh: `${RIVALS} 人中有 ${winners} 人被告知“${rival}”归自己所有。`,
    };
  return {
    en: `One got “${rival}”; another was answered ${failed} instead of that it is taken.`,
    zh: `一人得到了“${rival}”；另一人得到的是 ${failed}，而不是“已被占用”。`,
  };
}

/** The same for all who were told the same, whoever they are. */
function pattern(text: string, name: string): string {
  return text.replaceAll(name, '…').replace(/\d+/g, '0');
}
